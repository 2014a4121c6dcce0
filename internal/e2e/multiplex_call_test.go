package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
	"parley/protocol"
)

// joinIn joins a room's call on a multiplexed socket.
func joinIn(t *testing.T, k *client.Socket, roomID int64) protocol.CallJoined {
	t.Helper()
	requestIn[protocol.Empty](t, k, protocol.TypeJoinCall, roomID, nil)
	return awaitIn[protocol.CallJoined](t, k, protocol.TypeCallJoined, roomID)
}

// signalled is the data of a relayed frame.
type signalled struct {
	counted
	FromPeer string `json:"from_peer_id"`
	SDP      string `json:"sdp"`
	Target   *int64 `json:"target_user_id"`
}

// inBoth is ann, with one socket for everything, and bob, with a call socket for
// each room, in the same calls.
type inBoth struct {
	rooms []*chatting
	ann   *client.Socket
	annID []string // ann's peer ids, by room
	bob   []*caller
}

func startBoth(t *testing.T, n int) *inBoth {
	t.Helper()
	b := &inBoth{rooms: several(t, n, "ann", "bob")}
	b.ann = openAll(t, b.rooms[0].users[0])
	for _, c := range b.rooms {
		id := c.room.ID
		subscribe(t, b.ann, id, protocol.ChannelChat, protocol.ChannelCall)
		require.Empty(t, joinIn(t, b.ann, id).Participants)
		bob := callSocket(t, c.users[1], id)
		joined := bob.join(t)
		require.Len(t, joined.Participants, 1)
		came := awaitIn[protocol.UserJoined](t, b.ann, protocol.TypeUserJoined, id)
		require.Equal(t, bob.peerID, came.PeerID)
		require.NotEqual(t, joined.Participants[0].Polite, came.Polite, "one of two is polite")
		b.annID = append(b.annID, joined.Participants[0].PeerID)
		b.bob = append(b.bob, bob)
	}
	sinceThen(t, b.ann, ids(b.rooms)...)
	for _, bob := range b.bob {
		catchUp(t, bob.Socket)
	}
	return b
}

// Peers of multiplexed sockets and of rooms' own sockets are in one call, and the
// calls of a socket are apart.
func TestMultiplexedCalls(t *testing.T) {
	t.Parallel()
	b := startBoth(t, 3)
	annUser, bobUser := b.rooms[0].users[0].Account.ID, b.bob[0].id()
	for i, c := range b.rooms {
		id, bob := c.room.ID, b.bob[i]
		d := requestIn[protocol.Delivery](t, b.ann, protocol.TypeOffer, id, m{"target_user_id": bobUser, "sdp": idText(id)})
		require.Equal(t, protocol.Delivered, d.Delivery)
		offer := next[signalled](t, bob.Socket, protocol.TypeOffer)
		require.Equal(t, signalled{counted: counted{From: annUser}, FromPeer: b.annID[i], SDP: idText(id)}, offer)
		request[protocol.Delivery](t, bob.Socket, protocol.TypeAnswer, m{"target_peer_id": offer.FromPeer, "sdp": "answer"})
		answer := awaitIn[signalled](t, b.ann, protocol.TypeAnswer, id)
		require.Equal(t, signalled{counted: counted{From: bobUser}, FromPeer: bob.peerID, SDP: "answer"}, answer)
		for n := range 5 {
			requestIn[protocol.Delivery](t, b.ann, protocol.TypeICECandidate, id, m{"target_peer_id": bob.peerID, "n": n})
			require.Equal(t, n, next[signalled](t, bob.Socket, protocol.TypeICECandidate).N)
			request[protocol.Delivery](t, bob.Socket, protocol.TypeSignal, m{"n": n})
			require.Equal(t, n, awaitIn[signalled](t, b.ann, protocol.TypeSignal, id).N)
		}
	}
	quiet(t, b.bob[0].Socket, b.bob[1].Socket, b.bob[2].Socket)
	require.Empty(t, sinceThen(t, b.ann, ids(b.rooms)...), "each room's once, and in no other")
}

func TestMultiplexedCallsEndOneByOne(t *testing.T) {
	t.Parallel()
	b := startBoth(t, 3)
	annUser := b.rooms[0].users[0].Account.ID
	left := func(i int) {
		t.Helper()
		require.Equal(t, protocol.UserLeft{UserID: annUser, PeerID: b.annID[i], Reason: protocol.LeaveLeft},
			await[protocol.UserLeft](t, b.bob[i].Socket, protocol.TypeUserLeft))
		nextState(t, "connecting: bob active", b.bob[i].Socket)
		require.Equal(t, "connecting: bob active", stateText(restState(t, b.bob[i].user, b.rooms[i].room.ID)))
	}
	requestIn[protocol.Empty](t, b.ann, protocol.TypeLeaveCall, b.rooms[0].room.ID, nil)
	left(0)
	require.Equal(t, protocol.CodeNotInCall, refused(t, b.ann, protocol.TypeSignal, in(b.rooms[0].room.ID, nil)))
	unsubscribe(t, b.ann, b.rooms[1].room.ID, protocol.ChannelCall)
	left(1)
	sayIn(t, b.ann, b.rooms[1].room.ID, "the chat goes on")
	quiet(t, b.bob[2].Socket)
	require.NoError(t, b.ann.Close())
	left(2)
}

// Whoever has both channels of a room is shown its call once, and still is with
// either alone.
func TestMultiplexedCallStateOnce(t *testing.T) {
	t.Parallel()
	rooms := several(t, 3, "ann", "bob")
	ann := openAll(t, rooms[0].users[0])
	shown := func(c *chatting, want string) {
		t.Helper()
		var list []string
		for _, f := range sinceThen(t, ann, c.room.ID) {
			var s protocol.CallState
			if f.Type == protocol.TypeCallState && f.RoomID == c.room.ID {
				require.NoError(t, f.Into(&s))
				list = append(list, stateText(s))
			}
		}
		require.Equal(t, []string{want}, list)
	}
	for _, c := range rooms {
		id := c.room.ID
		subscribe(t, ann, id, protocol.ChannelChat, protocol.ChannelCall)
		sinceThen(t, ann, id)
		bob := callSocket(t, c.users[1], id)
		shown(c, "connecting: ann connecting, bob connecting")
		bob.join(t)
		catchUp(t, bob.Socket)
		shown(c, "connecting: ann connecting, bob active")
		unsubscribe(t, ann, id, protocol.ChannelCall)
		catchUp(t, bob.Socket)
		shown(c, "connecting: bob active")
		request[protocol.Empty](t, bob.Socket, protocol.TypeLeaveCall, nil)
		catchUp(t, bob.Socket)
		shown(c, "idle")
	}
}
