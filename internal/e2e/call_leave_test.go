package e2e

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
	"parley/protocol"
)

func idText(id int64) string { return strconv.FormatInt(id, 10) }

// departure is a way for bob, a participant of ann's room, to leave her call.
type departure struct {
	name   string
	leave  func(t *testing.T, room protocol.Room, ann, bob *caller)
	reason protocol.LeaveReason
	code   protocol.CloseCode // that bob's socket is closed with; 0: he closes it, or it stays
}

func departures() []departure {
	post := func(t *testing.T, u *client.User, room protocol.Room, action string, in any) {
		t.Helper()
		require.NoError(t, u.Call(within(t), http.MethodPost, "/api/rooms/"+idText(room.ID)+"/"+action+"/", in, nil))
	}
	return []departure{
		{"leave_call", func(t *testing.T, _ protocol.Room, _, bob *caller) {
			request[struct{}](t, bob.Socket, protocol.TypeLeaveCall, nil)
		}, protocol.LeaveLeft, 0},
		{"closing the socket", func(t *testing.T, _ protocol.Room, _, bob *caller) {
			require.NoError(t, bob.Close())
		}, protocol.LeaveLeft, 0},
		{"losing the socket", func(_ *testing.T, _ protocol.Room, _, bob *caller) {
			bob.Cut()
		}, protocol.LeaveTimeout, 0},
		{"being removed", func(t *testing.T, room protocol.Room, ann, bob *caller) {
			post(t, ann.user, room, "remove-participant", map[string]int64{"user_id": bob.id()})
		}, protocol.LeaveRemoved, protocol.CloseForbidden},
		{"leaving the room", func(t *testing.T, room protocol.Room, _, bob *caller) {
			post(t, bob.user, room, "leave", nil)
		}, protocol.LeaveLeft, protocol.CloseForbidden},
		{"logging out", func(t *testing.T, _ protocol.Room, _, bob *caller) {
			require.NoError(t, bob.user.Call(within(t), http.MethodPost, "/api/auth/logout/", nil, nil))
		}, protocol.LeaveLogout, protocol.CloseUnauthenticated},
		{"breaking the protocol", func(t *testing.T, _ protocol.Room, _, bob *caller) {
			big := make([]byte, 70_000)
			for i := range big {
				big[i] = ' '
			}
			require.NoError(t, bob.SendRaw(within(t), big))
		}, protocol.LeaveLeft, protocol.CloseTooBig},
	}
}

func TestUserLeftTellsWhy(t *testing.T) {
	n := startNode(t, resumable(200*time.Millisecond))
	for i, d := range departures() {
		t.Run(d.name, func(t *testing.T) {
			room, callers := gather(t, n, "ann"+idText(int64(i)), "bob"+idText(int64(i)))
			ann, bob := callers[0], callers[1]
			d.leave(t, room, ann, bob)
			if d.reason == protocol.LeaveTimeout { // who is lost may come back for a while
				nextState(t, "active: "+ann.name()+" active, "+bob.name()+" suspended", ann.Socket)
			}
			require.Equal(t, protocol.UserLeft{UserID: bob.id(), PeerID: bob.peerID, Reason: d.reason},
				next[protocol.UserLeft](t, ann.Socket, protocol.TypeUserLeft))
			nextState(t, "connecting: "+ann.name()+" active", ann.Socket)
			quiet(t, ann.Socket)
			if d.code != 0 {
				require.Equal(t, d.code, closeCode(t, bob.Socket))
			}
		})
	}
}

func TestGoingAwayIsLeaving(t *testing.T) {
	n := startNode(t)
	users := signUp(t, n.Server, "ann", "bob")
	room := meet(t, users...)
	ann := callSocket(t, users[0], room.ID)
	ann.join(t)
	conn, _, err := websocket.Dial(within(t), "ws"+n.Base[len("http"):]+"/ws/call/"+idText(room.ID)+"/",
		&websocket.DialOptions{HTTPHeader: http.Header{"Authorization": {"Token " + users[1].Token}}})
	require.NoError(t, err)
	require.NoError(t, conn.Write(within(t), websocket.MessageText, []byte(`{"type":"join_call"}`)))
	await[protocol.UserJoined](t, ann.Socket, protocol.TypeUserJoined)
	_ = conn.Close(websocket.StatusGoingAway, "the page was closed")
	require.Equal(t, protocol.LeaveLeft, await[protocol.UserLeft](t, ann.Socket, protocol.TypeUserLeft).Reason)
}

func TestDeletingTheRoomEndsTheCall(t *testing.T) {
	n := startNode(t)
	room, callers := gather(t, n, "ann", "bob", "cid")
	chat := watch(t, callers[1].user, room.ID)
	require.NoError(t, callers[0].user.Call(within(t), http.MethodDelete, "/api/rooms/"+idText(room.ID)+"/", nil, nil))
	for _, c := range callers {
		require.Equal(t, protocol.CloseRoomDeleted, closeCode(t, c.Socket))
	}
	require.Equal(t, protocol.CloseRoomDeleted, closeCode(t, chat))
	require.Equal(t, protocol.CloseForbidden, closeCode(t, openCall(t, callers[0].user, room.ID)))
}

// One token's end is not another's.
func TestLogoutLeavesTheUsersOtherDevices(t *testing.T) {
	n := startNode(t)
	room, callers := gather(t, n, "ann", "bob")
	ann, bob := callers[0], callers[1]
	phone, err := n.Login(within(t), "bob", password)
	require.NoError(t, err)
	k := callSocket(t, phone, room.ID)
	require.NoError(t, bob.user.Call(within(t), http.MethodPost, "/api/auth/logout/", nil, nil))
	require.Equal(t, protocol.CloseUnauthenticated, closeCode(t, bob.Socket))
	await[protocol.UserLeft](t, ann.Socket, protocol.TypeUserLeft)
	nextState(t, "connecting: ann active, bob connecting", ann.Socket, k.Socket)
	k.join(t)
}
