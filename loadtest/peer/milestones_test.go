package peer_test

import (
	"testing"
	"time"

	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"

	"parley/loadtest/peer"
)

func TestMilestonesAreReachedInOrder(t *testing.T) {
	s := newServer(t)
	began := time.Now()
	a, b := join(t, s, 1, peer.Config{}), join(t, s, 2, peer.Config{})
	ab, ba := pairUp(t, a, b)
	for _, l := range []*peer.Link{ab, ba} {
		first := l.Status().First
		require.True(t, first.ICE.After(began), "%+v", first)
		require.False(t, first.DTLS.Before(first.ICE), "%+v", first)
		require.False(t, first.Up.Before(first.DTLS), "%+v", first)
		local, remote := l.CandidateTypes()
		require.Contains(t, []string{"host", "prflx"}, local)
		require.Contains(t, []string{"host", "prflx"}, remote)
	}
	require.False(t, ab.Status().First.Answered.IsZero(), "who was there before offers")
	require.Zero(t, ba.Status().First.Answered)

	up := ab.Status().First
	ab.Restart()
	require.NoError(t, ab.Await(within(t), func(s peer.Status) bool { return s.Restarts == 1 }))
	require.Equal(t, up, ab.Status().First, "only the first time counts")
	b.Close()
	<-ab.Ended()
	local, remote := ab.CandidateTypes()
	require.Empty(t, local+remote, "what is closed has none")
}

func TestCandidatesGoOutLater(t *testing.T) {
	const delay = 300 * time.Millisecond
	s := newServer(t)
	began := time.Now()
	late := peer.Config{Trickle: delay}
	ab, ba := pairUp(t, join(t, s, 1, late), join(t, s, 2, late))
	for _, l := range []*peer.Link{ab, ba} {
		require.GreaterOrEqual(t, l.Status().First.ICE.Sub(began), delay, "no candidate, no connection")
	}
	echo(t, ab, ba)

	// Both ends are closed before the rest of their candidates is due.
	a, b := join(t, s, 3, peer.Config{Trickle: time.Hour}), join(t, s, 4, peer.Config{Trickle: time.Hour})
	l, err := a.To(within(t), 4)
	require.NoError(t, err)
	require.NoError(t, l.Await(within(t), func(s peer.Status) bool { return s.Answers == 1 }))
	b.Close()
	a.Close()
	<-l.Ended()
}

func TestRelayedPeersUseNothingElse(t *testing.T) {
	s := newServer(t) // names no relay
	a, b := join(t, s, 1, peer.Config{RelayOnly: true}), join(t, s, 2, peer.Config{RelayOnly: true})
	l, err := a.To(within(t), b.User().Account.ID)
	require.NoError(t, err)
	require.NoError(t, l.Await(within(t), func(s peer.Status) bool { return s.Answers == 1 && s.Gatherings == 1 }))
	require.NotEqual(t, webrtc.PeerConnectionStateConnected, l.Status().Connection)
	local, remote := l.CandidateTypes()
	require.Empty(t, local+remote)
}
