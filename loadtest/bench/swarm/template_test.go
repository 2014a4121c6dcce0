package swarm

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/gobwas/ws"
	"github.com/stretchr/testify/require"
)

// unmask is what a server reads of a client's frame.
func unmask(t *testing.T, wire []byte) string {
	t.Helper()
	r := bytes.NewReader(wire)
	h, err := ws.ReadHeader(r)
	require.NoError(t, err)
	require.EqualValues(t, r.Len(), h.Length)
	require.True(t, h.Masked, "RFC 6455, section 5.3")
	require.NoError(t, ws.CheckHeader(h, ws.StateServerSide))
	payload := bytes.Clone(wire[len(wire)-r.Len():])
	ws.Cipher(payload, h.Mask, 0)
	return string(payload)
}

func TestTemplateIsStampedInEveryPlace(t *testing.T) {
	for _, payload := range []string{
		`{"id":"` + Stamp + `","data":{"content":"x` + Stamp + `","n":"` + Stamp + `"}}`,
		Stamp,
		Stamp + strings.Repeat("x", 124-len(Stamp)),
		Stamp + strings.Repeat("x", 126-len(Stamp)), // a longer header from here on
		strings.Repeat("x", 70_000) + Stamp,
	} {
		tpl := NewTemplate(payload)
		for range 2 {
			require.Equal(t, strings.ReplaceAll(payload, Stamp, "@00000007000000ff"), unmask(t, tpl.stamp(7, 255)))
			require.Equal(t, strings.ReplaceAll(payload, Stamp, "@ffffffff00000000"), unmask(t, tpl.stamp(math.MaxUint32, 0)))
		}
	}
}

func TestTemplateWithoutStampIsLeftAlone(t *testing.T) {
	require.Equal(t, "hello", unmask(t, NewTemplate("hello").stamp(1, 2)))
}

func TestStampIsFoundAgain(t *testing.T) {
	for _, n := range [][2]uint32{{0, 0}, {1, 2}, {math.MaxUint32, 1}, {0xdeadbeef, math.MaxUint32}} {
		payload := unmask(t, NewTemplate(`{"a":"`+Stamp+`","b":"@"}`).stamp(n[0], n[1]))
		slot, turn, ok := findStamp([]byte(payload))
		require.True(t, ok, payload)
		require.Equal(t, n[0], slot)
		require.Equal(t, n[1], turn)
	}
	for _, none := range []string{"", "@", "no mark", "@0000", "@000000000000000", "@000000000000000G", "@000000000000000-"} {
		_, _, ok := findStamp([]byte(none))
		require.False(t, ok, none)
	}
}

func TestStampingDoesNotAllocate(t *testing.T) {
	tpl := NewTemplate(Stamp)
	require.Zero(t, testing.AllocsPerRun(100, func() { tpl.stamp(1, 2) }))
}

func FuzzFindStamp(f *testing.F) {
	f.Add([]byte(`{"type":"ack","id":"@0000000100000002"}`))
	f.Add([]byte("@"))
	f.Fuzz(func(t *testing.T, payload []byte) {
		slot, turn, ok := findStamp(payload)
		if !ok {
			return
		}
		at := bytes.IndexByte(payload, '@')
		want := unmask(t, NewTemplate(Stamp).stamp(slot, turn))
		require.Equal(t, want, string(payload[at:at+len(Stamp)]))
	})
}
