package presencetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/presence"
)

func nodesAlive(t *testing.T, n *nodes) {
	named := func(id string) presence.Node { return presence.Node{ID: id, Boot: id} }
	n.join(t, "b", "a", "c")
	n.alive(t, named("a"), named("b"), named("c"))
	n.expire(t, "a", "c")
	n.alive(t, named("a"), named("c"))
	n.enter(t, "b", 7, ann())
	n.alive(t, named("a"), named("c"))
	require.True(t, n.renew(t, "b"))
	n.alive(t, named("a"), named("b"), named("c"))
	require.NoError(t, n.of["c"].Close(t.Context()))
	delete(n.of, "c")
	n.alive(t, named("a"), named("b"))
}

// restarts is a node that dies and is back before its lease has run out: it is
// another holder, and reaps what its former self left like anyone's.
func restarts(t *testing.T, n *nodes) {
	n.boot(t, "a", "a.1")
	n.enter(t, "a.1", 7, ann(), bob())
	n.boot(t, "a", "a.2")
	n.enter(t, "a.2", 7, ann())
	n.alive(t, presence.Node{ID: "a", Boot: "a.1"}, presence.Node{ID: "a", Boot: "a.2"})
	n.online(t, 7, at(7, "a.1", ann()), at(7, "a.2", ann()), at(7, "a.1", bob()))
	require.Empty(t, n.reap(t, "a.2"), "the former lease is still valid")
	n.leave(t, "a.2", 7, bob())
	n.online(t, 7, at(7, "a.1", ann()), at(7, "a.2", ann()), at(7, "a.1", bob()))

	n.expire(t, "a.2")
	n.alive(t, presence.Node{ID: "a", Boot: "a.2"})
	n.online(t, 7, at(7, "a.2", ann()))
	same(t, []presence.Entry{at(7, "a.1", ann()), at(7, "a.1", bob())}, n.reap(t, "a.2"), "left by the former boot")
	n.online(t, 7, at(7, "a.2", ann()))
}

// pauses is a node that stood still for longer than its lease, once before and
// once after the others have reaped it.
func pauses(t *testing.T, n *nodes) {
	n.join(t, "a", "b")
	n.enter(t, "a", 7, ann(), bob())
	n.expire(t, "b")
	require.Empty(t, n.reap(t, "a"), "not its own entries: it lives")
	require.True(t, n.renew(t, "a"))
	n.online(t, 7, at(7, "a", ann()), at(7, "a", bob()))
	require.Empty(t, n.reap(t, "b"), "not reaped in time, so valid again")

	n.expire(t, "b")
	require.Len(t, n.reap(t, "b"), 2)
	require.True(t, n.renew(t, "a"))
	n.online(t, 7)
	n.enter(t, "a", 7, bob())
	n.online(t, 7, at(7, "a", bob()))
	require.False(t, n.renew(t, "a"))
	n.online(t, 7, at(7, "a", bob()))
}

// pausesAndEnters is a node that does not know yet that it was reaped.
func pausesAndEnters(t *testing.T, n *nodes) {
	n.join(t, "a", "b")
	n.enter(t, "a", 7, ann())
	n.expire(t, "b")
	same(t, at7("a", ann()), n.reap(t, "b"), "reaped")
	n.enter(t, "a", 7, bob())
	n.online(t, 7)
	require.True(t, n.renew(t, "a"), "what was reaped must be entered again")
	n.enter(t, "a", 7, ann(), bob())
	n.online(t, 7, at(7, "a", ann()), at(7, "a", bob()))
	require.False(t, n.renew(t, "a"))
	require.Empty(t, n.reap(t, "b"))
}
