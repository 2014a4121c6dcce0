package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
	"parley/protocol"
)

func TestTypingGoesToTheOthers(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann", "bob")
	phone, ann, bob := c.joined(t, 0), c.joined(t, 0), c.joined(t, 1)
	for _, k := range []*client.Socket{phone, ann} {
		next[protocol.PresenceChange](t, k, protocol.TypeUserOnline)
	}
	request[struct{}](t, ann, protocol.TypeTyping, nil)
	got := next[map[string]any](t, bob, protocol.TypeTyping)
	require.Equal(t, map[string]any{"user": map[string]any{
		"id": float64(c.users[0].Account.ID), "username": "ann", "display_name": "ann",
	}}, got, "no note, no member of that name")

	note := strings.Repeat("\U0001f600", protocol.MaxTypingNote)
	request[struct{}](t, ann, protocol.TypeTyping, map[string]string{"note": note})
	require.Equal(t, note, next[protocol.Typing](t, bob, protocol.TypeTyping).Note)
	require.Equal(t, protocol.CodeValidation, refused(t, ann, protocol.TypeTyping, map[string]string{"note": note + "x"}))
	require.Equal(t, protocol.CodeValidation, refused(t, ann, protocol.TypeTyping, map[string]int{"note": 1}))
	require.NoError(t, ann.Send(within(t), protocol.TypeTyping, nil))
	next[protocol.Typing](t, bob, protocol.TypeTyping)

	still(t, ann) // the ack of a frame without id would be here
	still(t, phone)
	still(t, bob)
	require.Empty(t, c.history(t, 0), "nothing of it is stored")
}

// unread is the unread_count in the user's list of rooms.
func (c *chatting) unread(t *testing.T, i int) int {
	t.Helper()
	var list struct{ Results []protocol.Room }
	require.NoError(t, c.users[i].Call(within(t), http.MethodGet, "/api/rooms/", nil, &list))
	for _, r := range list.Results {
		if r.ID == c.room.ID {
			return r.UnreadCount
		}
	}
	require.FailNow(t, "the room is not in the list")
	return 0
}

func TestReadMarkers(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann", "bob")
	ann, bob := c.joined(t, 0), c.joined(t, 1)
	next[protocol.PresenceChange](t, ann, protocol.TypeUserOnline)
	phone := c.joined(t, 1)
	refs := []protocol.MessageRef{say(t, ann, "1"), say(t, ann, "2"), say(t, ann, "3")}
	for _, k := range []*client.Socket{ann, bob, phone} {
		requireSeqs(t, 1, messages(t, k, 3))
	}
	require.Equal(t, 3, c.unread(t, 1))
	require.Zero(t, c.unread(t, 0), "one's own are never unread")

	read := func(ref protocol.MessageRef) protocol.MessageRead {
		return request[protocol.MessageRead](t, bob, protocol.TypeMessageRead, map[string]int64{"message_id": ref.ID})
	}
	second := protocol.MessageRead{UserID: c.users[1].Account.ID, MessageID: refs[1].ID, Seq: 2}
	require.Equal(t, second, read(refs[1]))
	for _, k := range []*client.Socket{ann, bob, phone} {
		require.Equal(t, second, next[protocol.MessageRead](t, k, protocol.TypeMessageRead), "the sender's sockets too")
	}
	require.Equal(t, 1, c.unread(t, 1))

	require.Equal(t, second, read(refs[0]), "a marker does not move back")
	require.Equal(t, second, read(refs[1]))
	require.Equal(t, 1, c.unread(t, 1))
	still(t, ann) // no event where it did not move

	third := protocol.MessageRead{UserID: second.UserID, MessageID: refs[2].ID, Seq: 3}
	require.Equal(t, third, request[protocol.MessageRead](t, bob, protocol.TypeMarkRoomAsRead, nil))
	require.Equal(t, third, next[protocol.MessageRead](t, ann, protocol.TypeMessageRead))
	require.Equal(t, third, request[protocol.MessageRead](t, bob, protocol.TypeMarkRoomAsRead, nil))
	still(t, ann)
	require.Zero(t, c.unread(t, 1))
}

func TestDeletedMessagesAreNotUnread(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann", "bob")
	ann := c.joined(t, 0)
	ref := say(t, ann, "1")
	say(t, ann, "2")
	require.Equal(t, 2, c.unread(t, 1))
	request[struct{}](t, ann, protocol.TypeMessageDelete, map[string]int64{"message_id": ref.ID})
	require.Equal(t, 1, c.unread(t, 1))
}

func TestReadMarkersThatCannotBe(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann")
	other := &chatting{node: c.node, users: c.users, room: meet(t, c.users...)}
	elsewhere := say(t, other.joined(t, 0), "x")
	ann := c.joined(t, 0)
	for _, bad := range []struct {
		data any
		code protocol.Code
	}{
		{map[string]int64{"message_id": elsewhere.ID}, protocol.CodeNotFound},
		{map[string]int64{"message_id": 4711}, protocol.CodeNotFound},
		{map[string]int64{"message_id": 0}, protocol.CodeValidation},
		{map[string]int64{"message_id": -1}, protocol.CodeValidation},
		{map[string]string{"message_id": "1"}, protocol.CodeValidation},
		{map[string]float64{"message_id": 1.5}, protocol.CodeValidation},
		{nil, protocol.CodeValidation},
	} {
		require.Equal(t, bad.code, refused(t, ann, protocol.TypeMessageRead, bad.data), "%v", bad.data)
	}
	empty := request[protocol.MessageRead](t, ann, protocol.TypeMarkRoomAsRead, nil)
	require.Equal(t, protocol.MessageRead{UserID: c.users[0].Account.ID}, empty, "of a room without messages")
	still(t, ann)
}
