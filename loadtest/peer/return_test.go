package peer_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/loadtest/peer"
	"parley/protocol"
)

func TestResumedPeerKeepsItsConnections(t *testing.T) {
	s := newServer(t)
	s.resumes = true
	a, b := join(t, s, 1, peer.Config{Return: true}), join(t, s, 2, peer.Config{Return: true})
	ab, ba := pairUp(t, a, b)
	echo(t, ab, ba)
	path := ab.Path()
	require.NotEmpty(t, path)
	for i := range 5 {
		a.Cut()
		b.Cut()
		for _, p := range []*peer.Peer{a, b} {
			w, err := p.Session().Welcomed(within(t), i+2)
			require.NoError(t, err)
			require.True(t, w.Resumed)
		}
		echo(t, ab, ba)
		echo(t, ba, ab)
	}
	require.Equal(t, []*peer.Link{ab}, a.Links())
	require.Equal(t, []*peer.Link{ba}, b.Links())
	require.Equal(t, path, ab.Path())
	require.Equal(t, 1, ab.Status().Gatherings)
	require.Equal(t, 1, ba.Status().Gatherings)
	require.Len(t, s.frames(protocol.TypeJoinCall), 2)

	ab.Restart()
	restarted := func(s peer.Status) bool { return s.Restarts == 1 && s.Gatherings == 2 }
	require.NoError(t, ab.Await(within(t), restarted), "what is new is counted")
	require.NoError(t, ba.Await(within(t), restarted))
}

func TestPeerThatIsNotResumedJoinsAgain(t *testing.T) {
	s := newServer(t)
	a, b := join(t, s, 1, peer.Config{}), join(t, s, 2, peer.Config{Return: true})
	ab, ba := pairUp(t, a, b)
	b.Cut()
	<-ab.Ended()
	<-ba.Ended()
	back, again := pairUp(t, a, b)
	require.NotSame(t, ba, again)
	echo(t, back, again)
	require.Equal(t, "p3", b.ID())
	require.Empty(t, ab.Path()+ba.Path(), "what is closed has none")
}
