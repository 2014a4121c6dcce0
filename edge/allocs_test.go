package edge

import (
	"testing"

	"github.com/gobwas/ws"
	"github.com/stretchr/testify/require"
)

// The hot paths: receiving a small message, and sending a frame that exists.
// They are not run beside other tests, which would be counted too.
func TestHotPathsDoNotAllocate(t *testing.T) {
	message := ws.MustCompileFrame(ws.MaskFrameWith(ws.NewTextFrame([]byte(`{"type":"ping","id":"7"}`)), [4]byte{1, 2, 3, 4}))
	shared := TextOf([]byte(`{"type":"chat_message","data":{"content":"hello"}}`))
	text := make([]byte, 200)
	long := TextOf([]byte(prose(1000)))
	deflated := marked(masked(ws.OpText, true, string(long.deflated().Payload())))
	c, _ := newTestConn(Config{})
	compressing, _ := newTestConn(Config{})
	compressing.deflate = true
	keeping, _ := newTestConn(Config{})
	keeping.Keep(Keeping{Node: NewAllowance(0)})
	buf := make([]byte, 4*max(len(message), len(deflated)))
	for name, path := range map[string]func(){
		"four messages in": func() {
			for i := range 4 {
				copy(buf[i*len(message):], message)
			}
			c.feed(buf[:4*len(message)])
		},
		"four compressed messages in": func() {
			for i := range 4 {
				copy(buf[i*len(deflated):], deflated)
			}
			compressing.feed(buf[:4*len(deflated)])
		},
		"four frames out, compressed before": func() {
			for range 4 {
				compressing.Send(long)
			}
			compressing.shard.settle()
		},
		"four frames out": func() {
			for range 4 {
				c.Send(shared)
			}
			c.shard.settle()
		},
		"four frames made and sent": func() {
			for range 4 {
				c.Send(c.shard.NewText(func(b []byte) []byte { return append(b, text...) }))
			}
			c.shard.turn()
		},
		"bulk and not": func() {
			for range 4 {
				c.Send(c.shard.NewText(func(b []byte) []byte { return append(b, text...) }).Bulk())
				c.Send(shared)
			}
			c.shard.turn()
		},
		"four frames kept and acknowledged": func() {
			for range 4 {
				keeping.Send(keeping.shard.NewText(func(b []byte) []byte { return append(b, text...) }))
			}
			keeping.shard.turn()
			keeping.Acknowledge(keeping.Written())
		},
		"a turn with nothing to do": c.shard.turn,
	} {
		path() // warm
		require.Zero(t, testing.AllocsPerRun(1000, path), name)
	}
	require.Equal(t, stateOpen, c.state)
	require.Equal(t, stateOpen, compressing.state)
	require.Nil(t, c.extra, "an idle socket keeps nothing of what was written")
	require.Nil(t, keeping.extra.kept.ring, "nothing is kept")
	require.Nil(t, c.in, "an idle socket keeps no bytes")
	require.Nil(t, c.out, "an idle socket keeps no queue")
}
