package ledgertest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/ledger"
)

func obeysContext(t *testing.T, n *nodes) {
	v := n.put(t, n.a, "k", 0, "one", day)
	ended, end := context.WithCancel(t.Context())
	end()
	for name, err := range calls(ended, n.a, v) {
		require.ErrorIs(t, err, context.Canceled, name)
	}
	n.holds(t, "k", v, "one")
}

func closeRefuses(t *testing.T, n *nodes) {
	v := n.put(t, n.a, "k", 0, "one", day)
	closed := n.space.Open(t)
	require.NoError(t, closed.Close())
	require.NoError(t, closed.Close())
	for name, err := range calls(t.Context(), closed, v) {
		require.ErrorIs(t, err, ledger.ErrClosed, name)
	}
	n.holds(t, "k", v, "one")
}

// calls makes each call but Close, of which none may succeed.
func calls(ctx context.Context, l ledger.Ledger, version int64) map[string]error {
	_, load := l.Load(ctx, "k")
	_, loadAll := l.LoadAll(ctx, []string{"k"})
	_, _, swap := l.Swap(ctx, "k", version, []byte("x"), day)
	return map[string]error{"Load": load, "LoadAll": loadAll, "Swap": swap, "Ping": l.Ping(ctx)}
}

func answersPing(t *testing.T, n *nodes) {
	require.NoError(t, n.a.Ping(t.Context()))
	require.NoError(t, n.b.Ping(t.Context()))
}
