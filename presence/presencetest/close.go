package presencetest

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/presence"
)

func closeRemoves(t *testing.T, n *nodes) {
	n.join(t, "a", "b")
	n.enter(t, "a", 7, ann())
	n.enter(t, "a", 8, ann())
	n.enter(t, "b", 7, bob())
	require.NoError(t, n.of["a"].Close(t.Context()))
	delete(n.of, "a")
	n.online(t, 7, at(7, "b", bob()))
	n.online(t, 8)
	n.expire(t, "b")
	require.Empty(t, n.reap(t, "b"), "who closes leaves nothing to reap")
}

func closeRefuses(t *testing.T, n *nodes) {
	n.join(t, "a", "b")
	closed := n.of["a"]
	require.NoError(t, closed.Close(t.Context()))
	for name, err := range calls(t.Context(), closed) {
		require.ErrorIs(t, err, presence.ErrClosed, name)
	}
	delete(n.of, "a")
	n.online(t, 7)
	require.NoError(t, n.of["b"].Ping(t.Context()), "the other node is still open")
}

func closeRepeats(t *testing.T, n *nodes) {
	n.join(t, "a", "b")
	n.enter(t, "a", 7, ann())
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := n.of["a"].Close(t.Context()); err != nil {
				t.Errorf("close: %v", err)
			}
		})
	}
	all.Wait()
	require.NoError(t, n.of["a"].Close(t.Context()))
	delete(n.of, "a")
	n.online(t, 7)
}

func joinsAgain(t *testing.T, n *nodes) {
	n.join(t, "a", "b")
	n.enter(t, "a", 7, ann())
	require.NoError(t, n.of["a"].Close(t.Context()))
	n.join(t, "a")
	n.online(t, 7)
	require.False(t, n.renew(t, "a"))
	n.enter(t, "a", 7, bob())
	n.online(t, 7, at(7, "a", bob()))
}

func obeysContext(t *testing.T, n *nodes) {
	n.join(t, "a", "b")
	n.enter(t, "a", 7, ann())
	ended, end := context.WithCancel(t.Context())
	end()
	for name, err := range calls(ended, n.of["a"]) {
		require.ErrorIs(t, err, context.Canceled, name)
	}
	n.online(t, 7, at(7, "a", ann()))
}

// calls makes each call but Close, of which none may succeed.
func calls(ctx context.Context, r presence.Registry) map[string]error {
	_, online := r.Online(ctx, 7)
	_, nodes := r.Nodes(ctx)
	_, renew := r.Renew(ctx)
	_, reap := r.Reap(ctx)
	return map[string]error{
		"Enter":  r.Enter(ctx, 7, bob()),
		"Leave":  r.Leave(ctx, 7, ann().ID),
		"Online": online,
		"Nodes":  nodes,
		"Renew":  renew,
		"Reap":   reap,
		"Ping":   r.Ping(ctx),
	}
}

func answersPing(t *testing.T, n *nodes) {
	n.join(t, "a", "b")
	require.NoError(t, n.of["a"].Ping(t.Context()))
	require.NoError(t, n.of["b"].Ping(t.Context()))
}
