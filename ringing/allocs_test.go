package ringing_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

// Most who come and go have neither a call that rings nor one that they missed.
func TestComingAndGoingAllocatesNothing(t *testing.T) {
	n := start(t, 1)
	n.arrive(3)
	c := n.client(2)
	require.Zero(t, testing.AllocsPerRun(100, func() {
		n.rings.Arrive(c, protocol.ChannelChat)
		n.rings.Leave(c, protocol.ChannelChat)
	}))
}

func TestClientsOfAUser(t *testing.T) {
	n := start(t, 1)
	a, b, c := n.arrive(1), n.arrive(1), n.arrive(1)
	n.rings.Arrive(n.client(1), protocol.ChannelCall) // is told of nothing
	require.Equal(t, 3, n.rings.Reachable(1))
	n.rings.Leave(b, "")
	n.rings.Leave(a, "")
	require.Equal(t, 1, n.rings.Reachable(1))
	n.rings.Leave(c, "")
	require.Zero(t, n.rings.Reachable(1))
	n.rings.Arrive(a, "")
	require.Equal(t, 1, n.rings.Reachable(1))
}

func BenchmarkComingAndGoing(b *testing.B) {
	n := start(b, 1)
	c := n.client(2)
	for b.Loop() {
		n.rings.Arrive(c, protocol.ChannelChat)
		n.rings.Leave(c, protocol.ChannelChat)
	}
}
