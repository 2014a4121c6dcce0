package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
	"parley/protocol"
)

// watch opens a chat socket and reads what it begins with.
func watch(t *testing.T, u *client.User, roomID int64) *client.Socket {
	t.Helper()
	k := openChat(t, u, roomID, "")
	await[protocol.PresenceState](t, k, protocol.TypePresenceState)
	return k
}

// The state of a call goes to all sockets of its room after every change, and
// REST says the same.
func TestCallStateThroughACall(t *testing.T) {
	n := startNode(t)
	users := signUp(t, n.Server, "ann", "bob", "eve")
	room := meet(t, users...)
	eve := watch(t, users[2], room.ID)
	agree := func(want string) {
		t.Helper()
		require.Equal(t, want, stateText(restState(t, users[2], room.ID)))
	}
	agree("idle")
	require.NotNil(t, restState(t, users[0], room.ID).Participants, "an empty list, not null")

	ann := callSocket(t, users[0], room.ID)
	nextState(t, "connecting: ann connecting", eve)
	agree("connecting: ann connecting")

	ann.join(t)
	nextState(t, "connecting: ann active", ann.Socket, eve)
	agree("connecting: ann active")

	bob := callSocket(t, users[1], room.ID)
	nextState(t, "connecting: ann active, bob connecting", ann.Socket, eve)
	agree("connecting: ann active, bob connecting")

	bob.join(t)
	await[protocol.UserJoined](t, ann.Socket, protocol.TypeUserJoined)
	last := nextState(t, "active: ann active, bob active", ann.Socket, bob.Socket, eve)
	require.Equal(t, last, restState(t, users[0], room.ID), "in every field")

	require.NoError(t, ann.Close())
	await[protocol.UserLeft](t, bob.Socket, protocol.TypeUserLeft)
	nextState(t, "connecting: bob active", bob.Socket, eve)
	agree("connecting: bob active")

	request[struct{}](t, bob.Socket, protocol.TypeLeaveCall, nil)
	nextState(t, "ended", bob.Socket, eve)
	nextState(t, "idle", bob.Socket, eve)
	agree("idle")
	quiet(t, eve, bob.Socket)
}

// A call that two never were in at once has not been one: it does not end.
func TestCallThatNeverBecameActiveDoesNotEnd(t *testing.T) {
	n := startNode(t)
	users := signUp(t, n.Server, "ann", "eve")
	room := meet(t, users...)
	eve := watch(t, users[1], room.ID)
	ann := callSocket(t, users[0], room.ID)
	ann.join(t)
	require.NoError(t, ann.Close())
	nextState(t, "connecting: ann connecting", eve)
	nextState(t, "connecting: ann active", eve)
	nextState(t, "idle", eve)
	quiet(t, eve)
}

func TestCallsOfRoomsAreApart(t *testing.T) {
	n := startNode(t)
	users := signUp(t, n.Server, "ann", "bob")
	one, two := meet(t, users...), meet(t, users...)
	ann, bob := callSocket(t, users[0], one.ID), callSocket(t, users[1], two.ID)
	ann.join(t)
	bob.join(t)
	nextState(t, "connecting: ann active", ann.Socket)
	nextState(t, "connecting: bob active", bob.Socket)
	require.Equal(t, protocol.CodePeerNotFound,
		refused(t, ann.Socket, protocol.TypeOffer, map[string]any{"target_user_id": bob.id()}))
	require.Equal(t, protocol.CodePeerNotFound,
		refused(t, ann.Socket, protocol.TypeOffer, map[string]any{"target_peer_id": bob.peerID}))
	quiet(t, ann.Socket, bob.Socket)
}

func TestCallStateByRESTIsForParticipants(t *testing.T) {
	n := startNode(t)
	users := signUp(t, n.Server, "ann", "eve")
	room := meet(t, users[0])
	var p *client.Problem
	err := users[1].Call(within(t), "GET", "/api/rooms/"+idText(room.ID)+"/call-state", nil, nil)
	require.ErrorAs(t, err, &p)
	require.Equal(t, protocol.CodeNotFound, p.Code)

	k := openCall(t, users[1], room.ID)
	require.Equal(t, protocol.CloseForbidden, closeCode(t, k))
	require.Equal(t, "idle", stateText(restState(t, users[0], room.ID)))
}
