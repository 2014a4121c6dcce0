package e2e

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/configs"
	"parley/protocol"
)

func TestCallSocketBeginsWithWelcomeAndState(t *testing.T) {
	n := startNode(t)
	users := signUp(t, n.Server, "ann")
	room := meet(t, users...)
	k := openCall(t, users[0], room.ID)

	f, err := k.Next(within(t))
	require.NoError(t, err)
	require.Equal(t, protocol.TypeWelcome, f.Type)
	var w protocol.Welcome
	require.NoError(t, f.Into(&w))
	require.Equal(t, protocol.User{ID: users[0].Account.ID, Username: "ann", DisplayName: "ann"}, w.User)
	require.Equal(t, room.ID, w.RoomID)
	require.NotEmpty(t, w.ConnectionID)
	require.NotEmpty(t, w.Node)
	require.Positive(t, w.HeartbeatS)
	require.Contains(t, w.Features, "signal")
	require.NotContains(t, string(f.Data), `"last_seq"`, "that is the chat's")

	f, err = k.Next(within(t))
	require.NoError(t, err)
	require.Equal(t, protocol.TypeCallState, f.Type)
	require.Equal(t, room.ID, f.RoomID)
	var s protocol.CallState
	require.NoError(t, f.Into(&s))
	require.Equal(t, "connecting: ann connecting", stateText(s))
	quiet(t, k)
}

// A second socket of a user changes nothing for the room; it is told all the same.
func TestCallSocketOfTheSameUserGetsASnapshot(t *testing.T) {
	n := startNode(t)
	room, callers := gather(t, n, "ann", "bob")
	ann, bob := callers[0], callers[1]
	k := openCall(t, ann.user, room.ID)
	next[protocol.Welcome](t, k, protocol.TypeWelcome)
	nextState(t, "active: ann active, bob active", k)
	quiet(t, k, ann.Socket, bob.Socket)

	require.NoError(t, k.Close())
	quiet(t, ann.Socket, bob.Socket)
}

func TestJoinCallIsAnsweredInFull(t *testing.T) {
	n := startNode(t, func(c *configs.Config) {
		c.TURN.ICEServers = []configs.ICEServer{
			{URLs: []string{"stun:stun.example.com:3478"}},
			{URLs: []string{"turn:turn.example.com"}, Username: "u", Credential: "c"},
		}
	})
	users := signUp(t, n.Server, "ann")
	room := meet(t, users...)
	ann := callSocket(t, users[0], room.ID)
	request[struct{}](t, ann.Socket, protocol.TypeJoinCall, map[string]string{"of": "another version"})
	f, err := ann.Next(within(t))
	require.NoError(t, err)
	require.Equal(t, protocol.TypeCallJoined, f.Type)
	require.Equal(t, room.ID, f.RoomID)
	var id struct {
		PeerID string `json:"peer_id"`
	}
	require.NoError(t, f.Into(&id))
	require.NotEmpty(t, id.PeerID)
	want, err := json.Marshal(id.PeerID)
	require.NoError(t, err)
	require.JSONEq(t, `{"peer_id":`+string(want)+`,"participants":[],"ice_servers":[
		{"urls":["stun:stun.example.com:3478"]},
		{"urls":["turn:turn.example.com"],"username":"u","credential":"c"}],"expires_at":null}`, string(f.Data))
	state := nextState(t, "connecting: ann active", ann.Socket)
	require.Equal(t, id.PeerID, state.Participants[0].PeerID)
}

func TestExactlyOneOfTwoPeersIsPolite(t *testing.T) {
	n := startNode(t)
	users := signUp(t, n.Server, "ann", "bob", "cid")
	room := meet(t, users...)
	polite := map[[2]string]bool{} // by whose role towards whom
	var callers []*caller
	for _, u := range users {
		c := callSocket(t, u, room.ID)
		joined := c.join(t)
		require.Len(t, joined.Participants, len(callers), "those who are there already")
		for i, p := range joined.Participants {
			other := callers[i]
			require.Equal(t, protocol.CallPeer{
				UserID: other.id(), Username: other.name(), PeerID: other.peerID,
				State: protocol.ParticipantActive, Polite: p.Polite,
			}, p)
			polite[[2]string{c.peerID, other.peerID}] = p.Polite
		}
		for _, other := range callers {
			got := await[protocol.UserJoined](t, other.Socket, protocol.TypeUserJoined)
			require.Equal(t, protocol.UserJoined{
				User:   protocol.User{ID: c.id(), Username: c.name(), DisplayName: c.name()},
				PeerID: c.peerID, Polite: got.Polite,
			}, got)
			polite[[2]string{other.peerID, c.peerID}] = got.Polite
		}
		callers = append(callers, c)
	}
	require.Len(t, polite, 6)
	for pair, role := range polite {
		require.NotEqual(t, role, polite[[2]string{pair[1], pair[0]}], "both have the same role: %v", pair)
	}
}

func TestSecondJoinCallIsAnsweredAgain(t *testing.T) {
	n := startNode(t)
	_, callers := gather(t, n, "ann", "bob")
	ann, bob := callers[0], callers[1]
	first := bob.join(t)
	require.Equal(t, first, bob.join(t))
	require.Equal(t, []protocol.CallPeer{{
		UserID: ann.id(), Username: "ann", PeerID: ann.peerID, State: protocol.ParticipantActive, Polite: true,
	}}, first.Participants)
	quiet(t, ann.Socket, bob.Socket)

	again := ann.join(t)
	require.False(t, again.Participants[0].Polite, "roles do not change while both stay")
}

func TestLeaveCallAndReturn(t *testing.T) {
	n := startNode(t)
	_, callers := gather(t, n, "ann", "bob")
	ann, bob := callers[0], callers[1]
	before := bob.peerID
	request[protocol.Delivery](t, bob.Socket, protocol.TypeSignal, nil)
	require.Equal(t, before, next[map[string]any](t, ann.Socket, protocol.TypeSignal)["from_peer_id"])

	request[struct{}](t, bob.Socket, protocol.TypeLeaveCall, nil)
	left := next[protocol.UserLeft](t, ann.Socket, protocol.TypeUserLeft)
	require.Equal(t, protocol.UserLeft{UserID: bob.id(), PeerID: before, Reason: protocol.LeaveLeft}, left)
	nextState(t, "connecting: ann active", ann.Socket, bob.Socket)
	require.Equal(t, protocol.CodeNotInCall, refused(t, bob.Socket, protocol.TypeOffer, nil))

	request[struct{}](t, bob.Socket, protocol.TypeLeaveCall, nil)
	quiet(t, ann.Socket, bob.Socket)

	bob.join(t)
	require.NotEqual(t, before, bob.peerID, "a peer id means one stay in the call")
	require.Equal(t, bob.peerID, next[protocol.UserJoined](t, ann.Socket, protocol.TypeUserJoined).PeerID)
	nextState(t, "active: ann active, bob active", ann.Socket, bob.Socket)
	request[protocol.Delivery](t, bob.Socket, protocol.TypeSignal, nil)
	require.Equal(t, bob.peerID, next[map[string]any](t, ann.Socket, protocol.TypeSignal)["from_peer_id"])
}

func TestLeaveCallBeforeJoining(t *testing.T) {
	n := startNode(t)
	users := signUp(t, n.Server, "ann")
	room := meet(t, users...)
	ann := callSocket(t, users[0], room.ID)
	request[struct{}](t, ann.Socket, protocol.TypeLeaveCall, nil)
	nextState(t, "idle", ann.Socket)
	ann.join(t)
	nextState(t, "connecting: ann active", ann.Socket)
	quiet(t, ann.Socket)
}

func TestCallIsFull(t *testing.T) {
	n := startNode(t, func(c *configs.Config) { c.Calls.MaxParticipants = 2 })
	users := signUp(t, n.Server, "ann", "bob", "cid")
	room := meet(t, users...)
	ann, bob, cid := callSocket(t, users[0], room.ID), callSocket(t, users[1], room.ID), callSocket(t, users[2], room.ID)
	ann.join(t)
	bob.join(t)
	catchUp(t, ann.Socket, bob.Socket, cid.Socket)

	e := refusal(t, cid.Socket, protocol.TypeJoinCall, nil)
	require.Equal(t, protocol.CodeRoomFull, e.Code)
	require.False(t, e.Temporary)
	quiet(t, ann.Socket, bob.Socket, cid.Socket)
	require.Equal(t, protocol.CodeNotInCall, refused(t, cid.Socket, protocol.TypeSignal, nil))

	again := callSocket(t, users[1], room.ID)
	again.join(t) // takes bob's own place
	require.Equal(t, protocol.CloseReplaced, closeCode(t, bob.Socket))
	request[struct{}](t, again.Socket, protocol.TypeLeaveCall, nil)
	cid.join(t)
}

func TestNewerJoinReplacesTheOlder(t *testing.T) {
	n := startNode(t)
	room, callers := gather(t, n, "ann", "bob")
	ann, old := callers[0], callers[1]
	newer := callSocket(t, old.user, room.ID)
	joined := newer.join(t)
	require.NotEqual(t, old.peerID, newer.peerID)
	require.Len(t, joined.Participants, 1, "not one's own former peer")

	require.Equal(t, protocol.UserLeft{UserID: old.id(), PeerID: old.peerID, Reason: protocol.LeaveReplaced},
		next[protocol.UserLeft](t, ann.Socket, protocol.TypeUserLeft))
	require.Equal(t, newer.peerID, next[protocol.UserJoined](t, ann.Socket, protocol.TypeUserJoined).PeerID)
	state := nextState(t, "active: ann active, bob active", ann.Socket, newer.Socket)
	require.Equal(t, newer.peerID, state.Participants[1].PeerID)
	require.Equal(t, protocol.CloseReplaced, closeCode(t, old.Socket))
	quiet(t, ann.Socket, newer.Socket)

	request[protocol.Delivery](t, ann.Socket, protocol.TypeOffer, map[string]any{"target_user_id": newer.id()})
	await[struct{}](t, newer.Socket, protocol.TypeOffer)
	require.Equal(t, protocol.CodePeerNotFound,
		refused(t, ann.Socket, protocol.TypeOffer, map[string]any{"target_peer_id": old.peerID}))
}
