package presencetest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func losesAll(t *testing.T, n *nodes) {
	n.join(t, "a", "b", "c")
	n.enter(t, "a", 7, ann(), bob())
	n.enter(t, "b", 8, eve())
	n.space.Lose(t)
	n.online(t, 7)
	n.alive(t)
	require.True(t, n.renew(t, "a"))
	n.enter(t, "a", 7, ann(), bob())
	n.online(t, 7, at(7, "a", ann()), at(7, "a", bob()))
	require.Empty(t, n.reap(t, "a"), "nothing is left of what was lost")
	require.True(t, n.renew(t, "b"))
	n.enter(t, "b", 8, eve())
	n.online(t, 8, at(8, "b", eve()))
	require.False(t, n.renew(t, "a"))
	require.False(t, n.renew(t, "b"))
	require.True(t, n.renew(t, "c"), "without an entry")
	n.online(t, 7, at(7, "a", ann()), at(7, "a", bob()))
}

// losesAndEnters comes and goes between the loss and the renewal that tells of
// it, in a room that was lost and in others.
func losesAndEnters(t *testing.T, n *nodes) {
	n.join(t, "a", "b")
	for room := range int64(40) {
		n.enter(t, "a", room+1, ann())
	}
	n.space.Lose(t)
	require.True(t, n.renew(t, "b"))
	for room := range int64(40) {
		n.enter(t, "a", room+1, bob())
		n.leave(t, "a", room+1, ann())
	}
	require.True(t, n.renew(t, "a"))
	for room := range int64(40) {
		n.enter(t, "a", room+1, bob())
		n.online(t, room+1, at(room+1, "a", bob()))
	}
	require.False(t, n.renew(t, "a"))
	require.Empty(t, n.reap(t, "b"))
}
