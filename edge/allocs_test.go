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
	c, _ := newTestConn(Config{})
	buf := make([]byte, 4*len(message))
	for name, path := range map[string]func(){
		"four messages in": func() {
			for i := range 4 {
				copy(buf[i*len(message):], message)
			}
			c.feed(buf)
		},
		"four frames out": func() {
			for range 4 {
				c.Send(shared)
			}
			c.shard.settle()
		},
		"a turn with nothing to do": func() {
			c.shard.runPosted()
			c.shard.runTimers()
			c.shard.settle()
		},
	} {
		path() // warm
		require.Zero(t, testing.AllocsPerRun(1000, path), name)
	}
	require.Equal(t, stateOpen, c.state)
	require.Nil(t, c.partial)
	require.Nil(t, c.out.frames, "an idle socket keeps no queue")
}
