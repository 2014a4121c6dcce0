package ledgertest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// unit is long enough for a slow machine.
const unit = 10 * time.Second

func ends(t *testing.T, n *nodes) {
	short := n.put(t, n.a, "short", 0, "s", unit)
	long := n.put(t, n.a, "long", 0, "l", day)
	n.space.Advance(2 * unit)
	n.holds(t, "short", 0, "")
	n.holds(t, "long", long, "l")
	_, stored, err := n.a.Swap(t.Context(), "short", short, []byte("x"), day)
	require.NoError(t, err)
	require.False(t, stored, "it has ended")
	again := n.put(t, n.a, "short", 0, "x", 0)
	require.Greater(t, again, short)
	n.space.Advance(unit)
	n.holds(t, "short", 0, "")
}

func extends(t *testing.T, n *nodes) {
	v := n.put(t, n.a, "k", 0, "0", 4*unit)
	for range 3 {
		n.space.Advance(2 * unit)
		v = n.put(t, n.b, "k", v, "1", 4*unit)
	}
	n.holds(t, "k", v, "1")
	_, stored, err := n.a.Swap(t.Context(), "k", v+1, []byte("x"), day)
	require.NoError(t, err)
	require.False(t, stored)
	n.space.Advance(5 * unit)
	n.holds(t, "k", 0, "")
}

func grows(t *testing.T, n *nodes) {
	var last int64
	for range 200 {
		v := n.put(t, n.a, "k", 0, "one", day)
		require.Greater(t, v, last, "after a removal")
		last = n.put(t, n.b, "k", v, "two", day)
		require.Greater(t, last, v)
		n.put(t, n.a, "k", last, "", day)
	}
}

func growsFromClock(t *testing.T, n *nodes) {
	before := n.space.Clock(t)
	first := n.put(t, n.a, "k", 0, "one", day)
	require.GreaterOrEqual(t, first, before.UnixMicro())
	require.Less(t, first, n.space.Clock(t).Add(time.Second).UnixMicro(), "microseconds since 1970")
	before = n.space.Clock(t)
	require.GreaterOrEqual(t, n.put(t, n.b, "k", first, "two", day), before.UnixMicro())
}

func growsAfterLoss(t *testing.T, n *nodes) {
	last := n.put(t, n.a, "k", 0, "one", day)
	for range 100 {
		last = n.put(t, n.a, "k", last, "more", day)
	}
	n.space.Lose(t)
	n.holds(t, "k", 0, "")
	_, stored, err := n.b.Swap(t.Context(), "k", last, []byte("x"), day)
	require.NoError(t, err)
	require.False(t, stored, "it was lost")
	require.Greater(t, n.put(t, n.b, "k", 0, "two", day), last)
}
