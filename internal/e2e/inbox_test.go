package e2e

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
	"parley/protocol"
)

// openInbox opens a multiplexed socket, which subscribes to nothing. What is told
// from then on it gets: its user's rooms are known once the inbox has told of one.
func (c *chatting) openInbox(t *testing.T, i int) *client.Socket {
	t.Helper()
	k := open(t, c.users[i], "/ws/")
	next[protocol.Welcome](t, k, protocol.TypeWelcome)
	r, err := c.users[i].CreateRoom(within(t), "to see that the inbox is open")
	require.NoError(t, err)
	require.Equal(t, r.ID, awaitAdded(t, k).ID)
	return k
}

func awaitAdded(t *testing.T, k *client.Socket) protocol.Room {
	t.Helper()
	return await[protocol.RoomAdded](t, k, protocol.TypeRoomAdded).Room
}

// awaitUnread waits until the count of the room is so.
func (c *chatting) awaitUnread(t *testing.T, k *client.Socket, want protocol.Unread) {
	t.Helper()
	want.RoomID = c.room.ID
	for await[protocol.Unread](t, k, protocol.TypeUnread) != want {
		continue
	}
}

func TestInboxToldOfUnreadMessages(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann", "bob")
	ann := c.joined(t, 0)
	fill(t, ann, 3, "before")
	k := open(t, c.users[1], "/ws/")
	next[protocol.Welcome](t, k, protocol.TypeWelcome)
	require.Equal(t, protocol.Unread{RoomID: c.room.ID, UnreadCount: 3, LastSeq: 3}, next[protocol.Unread](t, k, protocol.TypeUnread))

	last := fill(t, ann, 20, "after")
	c.awaitUnread(t, k, protocol.Unread{UnreadCount: 23, LastSeq: 23})
	request[struct{}](t, ann, protocol.TypeMessageDelete, map[string]int64{"message_id": last.ID})
	c.awaitUnread(t, k, protocol.Unread{UnreadCount: 22, LastSeq: 23})
	bob := c.joined(t, 1)
	request[struct{}](t, bob, protocol.TypeMarkRoomAsRead, nil)
	c.awaitUnread(t, k, protocol.Unread{UnreadCount: 0, LastSeq: 23})
	require.Zero(t, c.unread(t, 1), "as REST says")
	say(t, bob, "mine")
	c.awaitUnread(t, k, protocol.Unread{UnreadCount: 0, LastSeq: 24})
}

func TestInboxToldOfRooms(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann", "bob")
	k, bob := c.openInbox(t, 1), c.users[1]
	reason := func(want protocol.LeaveReason) {
		t.Helper()
		require.Equal(t, protocol.RoomRemoved{RoomID: c.room.ID, Reason: want}, await[protocol.RoomRemoved](t, k, protocol.TypeRoomRemoved))
	}
	call := func(i int, method, path string, in any) {
		t.Helper()
		require.NoError(t, c.users[i].Call(within(t), method, c.path(path), in, nil))
	}
	them := map[string]string{"username": "bob"}

	call(0, http.MethodPost, "remove-participant/", them)
	reason(protocol.LeaveRemoved)
	call(0, http.MethodPost, "add-participant/", them)
	added := awaitAdded(t, k)
	var got protocol.Room
	require.NoError(t, bob.Call(within(t), http.MethodGet, c.path(""), nil, &got))
	require.Equal(t, got, added, "the room as GET gives it")
	call(1, http.MethodPost, "leave/", nil)
	reason(protocol.LeaveLeft)
	require.NoError(t, bob.JoinRoom(within(t), c.room.ID))
	require.Equal(t, c.room.ID, awaitAdded(t, k).ID)
	require.NoError(t, bob.JoinRoom(within(t), c.room.ID)) // is in already
	call(0, http.MethodDelete, "", nil)
	reason(protocol.LeaveRoomDeleted)
}

func TestInboxToldOfACallThatBegins(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann", "bob")
	annInbox, bobInbox := c.openInbox(t, 0), c.openInbox(t, 1)
	ann := openCall(t, c.users[0], c.room.ID)
	_, err := ann.Request(within(t), protocol.TypeJoinCall, nil)
	require.NoError(t, err)
	a := c.users[0].Account
	require.Equal(t, protocol.IncomingCall{
		RoomID: c.room.ID, From: protocol.User{ID: a.ID, Username: a.Username, DisplayName: a.DisplayName},
	}, await[protocol.IncomingCall](t, bobInbox, protocol.TypeIncomingCall))

	bob := openCall(t, c.users[1], c.room.ID)
	_, err = bob.Request(within(t), protocol.TypeJoinCall, nil)
	require.NoError(t, err)
	for _, f := range drained(t, annInbox) {
		require.NotEqual(t, protocol.TypeIncomingCall, f.Type)
	}
}
