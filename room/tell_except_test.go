package room_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/room"
)

// A user is told on all sockets in a room's chat but one.
func TestTellAllButOne(t *testing.T) {
	arrived := make(chan room.Client, 3)
	n := start(t, room.Config{}, &fake{concierge: room.Concierge{
		Arrived: func(c room.Client, _ protocol.Channel) { arrived <- c },
	}})
	var clients []room.Client
	var peers []*peer
	for range 3 {
		peers = append(peers, n.enter("user=1&room=3"))
		clients = append(clients, take(t, arrived, "a client"))
	}
	room.Tell(n.hub, room.Audience{UserID: 1, ChatOf: 3, Except: room.NameOf(clients[1])}, protocol.TypeTyping, 3, protocol.Empty{})
	for _, p := range []*peer{peers[0], peers[2]} {
		require.Equal(t, protocol.TypeTyping, p.read().Type)
	}
	peers[1].alive()
	room.Tell(n.hub, room.Audience{UserID: 1, ChatOf: 3}, protocol.TypeTyping, 3, protocol.Empty{})
	for _, p := range peers {
		require.Equal(t, protocol.TypeTyping, p.read().Type)
	}
	require.EqualValues(t, 3, clients[0].(*room.Session).RoomID())
}
