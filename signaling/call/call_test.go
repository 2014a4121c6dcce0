package call_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/signaling/call"
)

// meeting makes a call in which peers s1…sn of users 1…n have joined.
func meeting(n int) *call.Call {
	c := call.New(call.Config{})
	for i := 1; i <= n; i++ {
		enter(c, i)
	}
	return c
}

func enter(c *call.Call, i int) {
	s := call.SessionID(i)
	user := protocol.User{ID: int64(i), Username: fmt.Sprintf("user%d", i)}
	c.Step(call.Connect{Session: s, User: user, PeerID: peerID(i)})
	c.Step(call.Join{Session: s})
}

func peerID(i int) string { return fmt.Sprintf("p%d", i) }

func TestNewCallIsIdleAndEmpty(t *testing.T) {
	c := call.New(call.Config{})
	require.True(t, c.Empty())
	require.Equal(t, protocol.CallIdle, c.State().RoomState)
	require.Empty(t, c.Step(nil), "an event that is none")
}

func TestEmptyIsAboutSockets(t *testing.T) {
	c := meeting(1)
	c.Step(call.Leave{Session: 1})
	require.Equal(t, protocol.CallIdle, c.State().RoomState)
	require.False(t, c.Empty(), "the socket that left the call is still open")
	c.Step(call.Disconnect{Session: 1, Reason: protocol.LeaveLeft})
	require.True(t, c.Empty())
}

func TestReplacedSocketDoesNotKeepTheCall(t *testing.T) {
	c := meeting(1)
	c.Step(call.Connect{Session: 2, User: protocol.User{ID: 1}, PeerID: "p2"})
	c.Step(call.Join{Session: 2})
	c.Step(call.Disconnect{Session: 2, Reason: protocol.LeaveLeft})
	require.True(t, c.Empty())
}

func TestListsAreNeverNullOnTheWire(t *testing.T) {
	c := call.New(call.Config{})
	requireState := func(want string, s protocol.CallState) {
		t.Helper()
		wire, err := json.Marshal(s)
		require.NoError(t, err)
		require.JSONEq(t, want, string(wire))
	}
	idle := `{"participants":[],"room_state":"idle"}`
	requireState(idle, c.State())

	enter(c, 1)
	joined := c.Step(call.Join{Session: 1})
	require.Len(t, joined, 1)
	require.NotNil(t, joined[0].(*call.SendJoined).Peers)

	enter(c, 2)
	c.Step(call.Leave{Session: 1})
	last := c.Step(call.Leave{Session: 2})
	require.Len(t, last, 2)
	requireState(`{"participants":[],"room_state":"ended"}`, last[0].(*call.BroadcastState).State)
	requireState(idle, last[1].(*call.BroadcastState).State)
}

func TestStateOnceGivenOutIsNeverChanged(t *testing.T) {
	c := meeting(3)
	kept := c.State()
	before := renderState(kept)
	for i := 1; i <= 3; i++ {
		c.Step(call.Leave{Session: call.SessionID(i)})
		c.Step(call.Join{Session: call.SessionID(i), NextPeerID: peerID(10 + i)})
	}
	require.Equal(t, before, renderState(kept))
	require.NotEqual(t, before, renderState(c.State()))
}

func TestUserJoinedCarriesTheWholeUser(t *testing.T) {
	c := meeting(1)
	bob := protocol.User{ID: 8, Username: "bob", DisplayName: "Bob B."}
	c.Step(call.Connect{Session: 2, User: bob, PeerID: "p2"})
	for _, a := range c.Step(call.Join{Session: 2}) {
		if joined, ok := a.(*call.SendUserJoined); ok {
			require.Equal(t, protocol.UserJoined{User: bob, PeerID: "p2", Polite: false}, joined.UserJoined)
			return
		}
	}
	require.Fail(t, "nobody was told of the newcomer")
}

func TestRejectedEventChangesNothing(t *testing.T) {
	c := call.New(call.Config{MaxPeers: 2})
	enter(c, 1)
	enter(c, 2)
	before := c.State()
	c.Step(call.Connect{Session: 3, User: protocol.User{ID: 3, Username: "user3"}, PeerID: "p3"})
	waiting := c.State()
	for range 3 {
		actions := c.Step(call.Join{Session: 3, NextPeerID: "p4"})
		require.Len(t, actions, 1)
		require.Equal(t, protocol.CodeRoomFull, actions[0].(*call.Reject).Err.Code)
	}
	require.Equal(t, waiting, c.State())
	c.Step(call.Disconnect{Session: 3, Reason: protocol.LeaveLeft})
	require.Equal(t, before, c.State())
}

func TestWithoutLimitManyJoin(t *testing.T) {
	const many = 200
	state := meeting(many).State()
	require.Len(t, state.Participants, many)
	for i, p := range state.Participants {
		require.Equal(t, protocol.ParticipantActive, p.State)
		require.Equal(t, peerID(i+1), p.PeerID, "in the order they came")
	}
}
