package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
	"parley/protocol"
)

// caller is a user with an open call socket.
type caller struct {
	*client.Socket
	user   *client.User
	peerID string // once joined
	offers int    // sent by relayBytes
}

func (c *caller) id() int64    { return c.user.Account.ID }
func (c *caller) name() string { return c.user.Account.Username }

// callSocket opens a call socket and reads what it begins with.
func callSocket(t *testing.T, u *client.User, roomID int64) *caller {
	t.Helper()
	c := &caller{Socket: openCall(t, u, roomID), user: u}
	next[protocol.Welcome](t, c.Socket, protocol.TypeWelcome)
	next[protocol.CallState](t, c.Socket, protocol.TypeCallState)
	return c
}

// join joins the call and returns the answer.
func (c *caller) join(t *testing.T) protocol.CallJoined {
	t.Helper()
	request[struct{}](t, c.Socket, protocol.TypeJoinCall, nil)
	joined := await[protocol.CallJoined](t, c.Socket, protocol.TypeCallJoined)
	c.peerID = joined.PeerID
	return joined
}

// gather opens call sockets of a new room's users, who join one after the other,
// and reads all that this brings.
func gather(t *testing.T, n *node, names ...string) (protocol.Room, []*caller) {
	t.Helper()
	users := signUp(t, n.Server, names...)
	room := meet(t, users...)
	callers := make([]*caller, 0, len(users))
	for _, u := range users {
		c := callSocket(t, u, room.ID)
		c.join(t)
		callers = append(callers, c)
	}
	for _, c := range callers {
		catchUp(t, c.Socket)
	}
	return room, callers
}

// catchUp reads and drops all that the server has sent up to now.
func catchUp(t *testing.T, sockets ...*client.Socket) {
	t.Helper()
	for _, k := range sockets {
		require.NoError(t, k.Send(within(t), protocol.TypePing, nil))
		_, err := k.Await(within(t), protocol.TypePong)
		require.NoError(t, err)
	}
}

// quiet requires that the server has sent nothing that was not read: a room's
// frames and its answers go out in one order.
func quiet(t *testing.T, sockets ...*client.Socket) {
	t.Helper()
	for _, k := range sockets {
		require.NoError(t, k.Send(within(t), protocol.TypePing, nil))
		next[protocol.Empty](t, k, protocol.TypePong)
	}
}

// stateText writes a call_state as "active: ann active, bob connecting".
func stateText(s protocol.CallState) string {
	parts := make([]string, 0, len(s.Participants))
	for _, p := range s.Participants {
		parts = append(parts, fmt.Sprintf("%s %s", p.Username, p.State))
	}
	return strings.TrimSuffix(string(s.RoomState)+": "+strings.Join(parts, ", "), ": ")
}

// nextState requires the next frame of each socket to be this call_state.
func nextState(t *testing.T, want string, sockets ...*client.Socket) protocol.CallState {
	t.Helper()
	var last protocol.CallState
	for _, k := range sockets {
		last = next[protocol.CallState](t, k, protocol.TypeCallState)
		require.Equal(t, want, stateText(last))
	}
	return last
}

// restState is the call's state as REST tells it.
func restState(t *testing.T, u *client.User, roomID int64) protocol.CallState {
	t.Helper()
	var s protocol.CallState
	require.NoError(t, u.Call(within(t), http.MethodGet, fmt.Sprintf("/api/rooms/%d/call-state/", roomID), nil, &s))
	return s
}

// refusal sends a frame and returns the error that answers it.
func refusal(t *testing.T, k *client.Socket, typ protocol.Type, data any) protocol.ErrorData {
	t.Helper()
	_, err := k.Request(within(t), typ, data)
	var fe *client.FrameError
	require.ErrorAs(t, err, &fe)
	return fe.ErrorData
}
