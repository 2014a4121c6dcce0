package ledgertest

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/ledger"
)

func stores(t *testing.T, n *nodes) {
	n.holds(t, "k", 0, "")
	one := n.put(t, n.a, "k", 0, "one", day)
	n.holds(t, "k", one, "one")
	two := n.put(t, n.b, "k", one, "two", day)
	n.holds(t, "k", two, "two")
	again := n.put(t, n.b, "k", two, "two", day)
	n.holds(t, "k", again, "two")
}

func refuses(t *testing.T, n *nodes) {
	refused := func(was int64, value string, want ledger.Document) {
		t.Helper()
		now, stored, err := n.b.Swap(t.Context(), "k", was, []byte(value), day)
		require.NoError(t, err)
		require.False(t, stored, "from version %d", was)
		require.Equal(t, want.Version, now.Version)
		require.Equal(t, string(want.Value), string(now.Value))
	}
	refused(5, "x", ledger.Document{})
	refused(5, "", ledger.Document{})
	v := n.put(t, n.a, "k", 0, "one", day)
	held := ledger.Document{Version: v, Value: []byte("one")}
	refused(0, "x", held)
	refused(0, "", held)
	refused(v-1, "x", held)
	refused(v+1, "x", held)
	refused(v+1, "", held)
	n.holds(t, "k", v, "one")
}

func removes(t *testing.T, n *nodes) {
	v := n.put(t, n.a, "k", 0, "one", day)
	n.put(t, n.b, "k", v, "", day)
	n.holds(t, "k", 0, "")
	_, stored, err := n.a.Swap(t.Context(), "k", v, []byte("two"), day)
	require.NoError(t, err)
	require.False(t, stored, "it was removed")
	n.put(t, n.a, "k", 0, "", day)
	n.holds(t, "k", 0, "")
	w := n.put(t, n.a, "k", 0, "three", day)
	require.Greater(t, w, v)
	n.holds(t, "k", w, "three")
}

func keysApart(t *testing.T, n *nodes) {
	versions := make(map[string]int64)
	for i := range 40 {
		key := fmt.Sprint("call:", i)
		versions[key] = n.put(t, n.a, key, 0, key, day)
	}
	n.put(t, n.b, "call:1", versions["call:1"], "", day)
	versions["call:11"] = n.put(t, n.b, "call:11", versions["call:11"], "another", day)
	for key, v := range versions {
		switch key {
		case "call:1":
			n.holds(t, key, 0, "")
		case "call:11":
			n.holds(t, key, v, "another")
		default:
			n.holds(t, key, v, key)
		}
	}
}

func anyValues(t *testing.T, n *nodes) {
	for _, key := range []string{"", "{}", "{a}b", "a{b", "*", "\x00\n ", "日本", string([]byte{0xff, 0xfe})} {
		for _, value := range []string{"\x00", " ", "\xff\xfe", "0", "nil", "日本 🎥"} {
			v := n.put(t, n.a, key, 0, value, day)
			n.holds(t, key, v, value)
			n.put(t, n.b, key, v, "", day)
		}
	}
}

func largeValues(t *testing.T, n *nodes) {
	large := make([]byte, 256<<10)
	for i := range large {
		large[i] = byte(i * i >> 3)
	}
	v := n.put(t, n.a, "k", 0, string(large), day)
	n.holds(t, "k", v, string(large))
	larger := string(large) + "more"
	v = n.put(t, n.b, "k", v, larger, day)
	n.holds(t, "k", v, larger)
}

func loadsAll(t *testing.T, n *nodes) {
	none, err := n.a.LoadAll(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, none)
	var keys []string
	var want []ledger.Document
	for i := range 100 {
		key := fmt.Sprint("k", i)
		keys = append(keys, key)
		d := ledger.Document{}
		if i%3 != 0 {
			d = ledger.Document{Value: []byte(key), Version: n.put(t, n.a, key, 0, key, day)}
		}
		want = append(want, d)
	}
	keys, want = append(keys, keys[1], keys[0]), append(want, want[1], want[0])
	got, err := n.b.LoadAll(t.Context(), keys)
	require.NoError(t, err)
	require.Len(t, got, len(want))
	for i := range want {
		require.Equal(t, want[i].Version, got[i].Version, keys[i])
		require.Equal(t, string(want[i].Value), string(got[i].Value), keys[i])
	}
}

// ownValues changes what was handed in after Swap has returned.
func ownValues(t *testing.T, n *nodes) {
	value := bytes.Repeat([]byte("v"), 100)
	now, _, err := n.a.Swap(t.Context(), "k", 0, value, day)
	require.NoError(t, err)
	clear(value)
	n.holds(t, "k", now.Version, string(bytes.Repeat([]byte("v"), 100)))
}
