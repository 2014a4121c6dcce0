package redis

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSlots(t *testing.T) {
	for channel, slot := range map[string]int{ // as CLUSTER KEYSLOT answers
		"": 0, "123456789": 12739, "foo": 12182, "{user1000}.following": 3443, "user1000": 3443,
		"foo{}{bar}": 8363, "foo{{bar}}zap": 4015, "foo{bar}{zap}": 5061, "bar": 5061,
	} {
		require.Equal(t, slot, slotOf(channel), channel)
	}
}

func TestParseNodes(t *testing.T) {
	require.Equal(t, []claim{
		{addr: "127.0.0.1:30004", epoch: 4, first: 0, last: 5460},
		{addr: "127.0.0.1:30004", epoch: 4, first: 5500, last: 5500},
		{addr: "[::1]:30001", epoch: 1, first: 10923, last: 16383},
	}, parseNodes(`07c37 127.0.0.1:30004@31004,host master - 0 1426238317239 4 connected 0-5460 5500 [93-<-e7d1]
67ed2 127.0.0.1:30002@31002 slave 07c37 0 1426238316232 2 connected
e7d1e [::1]:30001@31001 myself,master - 0 0 1 connected 10923-16383
29291 :0@0 master,noaddr - 0 0 3 disconnected 5461-5499
broken 127.0.0.1:1 master - 0 0 x connected 1
out 127.0.0.1:1 master - 0 0 1 connected 3-2 -4 7-16384 5-x
`))
}

func TestParseMoved(t *testing.T) {
	slot, addr, ok := parseMoved(errors.New("MOVED 3999 127.0.0.1:6381"))
	require.True(t, ok)
	require.Equal(t, 3999, slot)
	require.Equal(t, "127.0.0.1:6381", addr)
	for _, text := range []string{"", "MOVED", "MOVED ", "MOVED x 127.0.0.1:1", "MOVED 16384 a:1", "MOVED 1", "MOVED 1 :6381", "ERR MOVED 1 a:1"} {
		_, _, ok := parseMoved(errors.New(text))
		require.False(t, ok, text)
	}
}

func FuzzParseNodes(f *testing.F) {
	f.Add("07c37 127.0.0.1:30004@31004,host master - 0 1426238317239 4 connected 0-5460 5500 [93-<-e7d1]\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, c := range parseNodes(text) {
			require.NotEmpty(t, c.addr)
			require.True(t, 0 <= c.first && c.first <= c.last && c.last < slotCount, "%+v", c)
		}
	})
}

func TestInboxThatRunsOverTellsWhoMissed(t *testing.T) {
	dropped := 0
	cfg := Config{InboxPayloads: 2, InboxBytes: 10, Meter: counting{dropped: &dropped}}
	in := newInbox(cfg)
	a, b := &topic{channel: "a"}, &topic{channel: "b"}
	one, two := []byte("one"), []byte("two")
	in.put(delivery{topic: a, payload: one})
	in.put(delivery{topic: b, payload: make([]byte, 8)}) // too many bytes
	in.put(delivery{topic: a, payload: two})
	in.put(delivery{topic: a, payload: one}) // too many
	in.put(delivery{topic: a, live: true})   // always fits
	got := in.take(nil)
	require.Equal(t, []delivery{{topic: a, payload: one}, {topic: a, payload: two}, {topic: a, live: true}}, got[:3])
	require.ElementsMatch(t, []delivery{{topic: a, live: true}, {topic: b, live: true}}, got[3:], "after what came before")
	require.Equal(t, 2, dropped)
	require.Empty(t, in.take(nil))
	in.put(delivery{topic: a, payload: two})
	require.Len(t, in.take(nil), 1, "there is room again")
}

type counting struct {
	deaf
	dropped *int
}

func (c counting) Dropped(string, int) { *c.dropped++ }
