package presencetest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func leaseRunsOut(t *testing.T, n *nodes) {
	n.join(t, "a", "b")
	n.enter(t, "a", 7, ann())
	n.enter(t, "b", 7, bob())
	n.space.Advance(n.space.Lease / 2)
	n.online(t, 7, at(7, "a", ann()), at(7, "b", bob()))
	require.False(t, n.renew(t, "b"))
	n.expire(t, "b")
	n.online(t, 7, at(7, "b", bob()))
	n.expire(t)
	n.online(t, 7)
}

func enterDoesNotExtend(t *testing.T, n *nodes) {
	n.join(t, "a", "b")
	n.enter(t, "a", 7, ann())
	n.space.Advance(n.space.Lease * 6 / 10)
	n.enter(t, "a", 7, ann(), bob())
	n.online(t, 7, at(7, "a", ann()), at(7, "a", bob()))
	n.space.Advance(n.space.Lease * 6 / 10)
	n.online(t, 7)
}

func renewExtends(t *testing.T, n *nodes) {
	n.join(t, "a", "b")
	require.False(t, n.renew(t, "a"), "a new lease has not lapsed")
	n.enter(t, "a", 7, ann())
	for range 5 {
		n.space.Advance(n.space.Lease * 6 / 10)
		n.online(t, 7, at(7, "a", ann()))
		require.False(t, n.renew(t, "a"))
	}
}

func renewIsPerNode(t *testing.T, n *nodes) {
	n.join(t, "a", "b", "c")
	n.enter(t, "a", 7, ann())
	n.enter(t, "b", 7, ann())
	n.expire(t, "b", "c")
	n.online(t, 7, at(7, "b", ann()))
}

func renewReportsLapse(t *testing.T, n *nodes) {
	n.join(t, "a", "b")
	n.enter(t, "a", 7, ann())
	n.expire(t, "b")
	require.True(t, n.renew(t, "a"), "not reaped yet")
	require.False(t, n.renew(t, "a"))
	n.expire(t, "b")
	n.reap(t, "b")
	require.True(t, n.renew(t, "a"), "reaped")
	require.False(t, n.renew(t, "a"))
	n.expire(t, "a")
	require.True(t, n.renew(t, "b"), "without an entry")
}

// entersAgain follows a node that missed its lease: nobody sees its users until
// it has renewed and entered them, whether they were reaped or not.
func entersAgain(t *testing.T, n *nodes) {
	n.join(t, "a", "b")
	for _, reaped := range []bool{true, false} {
		n.enter(t, "a", 7, ann(), bob())
		n.expire(t, "b")
		n.online(t, 7)
		if reaped {
			require.Len(t, n.reap(t, "b"), 2)
		}
		require.True(t, n.renew(t, "a"))
		n.enter(t, "a", 7, ann(), bob())
		n.online(t, 7, at(7, "a", ann()), at(7, "a", bob()))
		require.Empty(t, n.reap(t, "b"), "what has been entered again is not for Reap")
		n.online(t, 7, at(7, "a", ann()), at(7, "a", bob()))
	}
}

func lapsedLeaves(t *testing.T, n *nodes) {
	n.join(t, "a", "b")
	n.enter(t, "a", 7, ann(), bob())
	n.expire(t, "b")
	n.leave(t, "a", 7, bob())
	same(t, at7("a", ann()), n.reap(t, "b"), "left before the reaping")
	n.leave(t, "a", 7, ann())
	require.True(t, n.renew(t, "a"))
	n.online(t, 7)
}
