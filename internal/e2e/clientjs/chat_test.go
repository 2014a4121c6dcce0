package clientjs

import (
	"math/rand/v2"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/configs"
	"parley/internal/faults"
	"parley/internal/nodetest"
)

// TestChatThroughLostSocketsAndARestart has two users write and edit over
// connections that are cut after a number of bytes, while the node is restarted:
// each message is shown to both once and in order, and ends as it was edited last.
func TestChatThroughLostSocketsAndARestart(t *testing.T) {
	chat(t, func(*configs.Config) {})
}

// TestChatThroughLostSessions is the same where no session can be resumed: what
// was missed is asked for.
func TestChatThroughLostSessions(t *testing.T) {
	chat(t, func(cfg *configs.Config) { cfg.Edge.ResumeWindow = 0 })
}

func chat(t *testing.T, change func(*configs.Config)) {
	t.Helper()
	const seed, cuts = 6, 60
	n := nodetest.Start(t, change)
	in := newTown(t, n.Addr())

	var connections atomic.Int64
	proxy, err := faults.New(n.Addr(), func(c *faults.Conn) {
		if i := connections.Add(1); i <= cuts {
			random := rand.New(rand.NewPCG(seed, uint64(i)))
			c.ResetAfter(random.Int64N(6000), faults.Direction(random.IntN(2)))
		}
	})
	require.NoError(t, err)
	t.Cleanup(proxy.Close)

	restart := func() {
		require.NoError(t, n.Stop())
		require.NoError(t, n.Start())
	}
	run(t, "chat.mjs", map[string]func(){"restart": restart}, "http://"+proxy.Addr(), in.room, in.ann, in.bob, "400")
	require.Greater(t, connections.Load(), int64(cuts), "not all that should be were cut: write more")
}
