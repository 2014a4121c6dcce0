package e2e

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
	"parley/protocol"
)

// Users of multiplexed sockets and of rooms' own sockets are in one chat.
func TestMultiplexedChat(t *testing.T) {
	t.Parallel()
	rooms := several(t, 3, "ann", "bob", "cid")
	annID, bobID := rooms[0].users[0].Account.ID, rooms[0].users[1].Account.ID
	ann, cid := openAll(t, rooms[0].users[0]), openAll(t, rooms[0].users[2])
	for _, c := range rooms {
		id := c.room.ID
		subscribe(t, ann, id, protocol.ChannelChat)
		subscribe(t, cid, id, protocol.ChannelChat)
		bob := c.joined(t, 1)
		for awaitIn[protocol.PresenceChange](t, ann, protocol.TypeUserOnline, id).User.ID != bobID {
			continue
		}
		sinceThen(t, cid, id)

		ref := sayIn(t, ann, id, "from ann")
		require.Equal(t, ref.ID, await[protocol.Message](t, bob, protocol.TypeChatMessage).ID)
		require.Equal(t, ref.ID, awaitIn[protocol.Message](t, cid, protocol.TypeChatMessage, id).ID)
		require.Equal(t, "from ann", awaitIn[protocol.Message](t, ann, protocol.TypeChatMessage, id).Content)
		ref = say(t, bob, "from bob")
		require.Equal(t, ref.ID, awaitIn[protocol.Message](t, ann, protocol.TypeChatMessage, id).ID)

		require.NoError(t, ann.Send(within(t), protocol.TypeTyping, in(id, m{"note": "hm"})))
		require.Equal(t, annID, await[protocol.Typing](t, bob, protocol.TypeTyping).User.ID)
		require.NoError(t, bob.Send(within(t), protocol.TypeTyping, nil))
		require.Equal(t, bobID, awaitIn[protocol.Typing](t, ann, protocol.TypeTyping, id).User.ID)

		requestIn[protocol.Empty](t, ann, protocol.TypeMessageRead, id, m{"message_id": ref.ID})
		read := await[protocol.MessageRead](t, bob, protocol.TypeMessageRead)
		require.Equal(t, protocol.MessageRead{UserID: annID, MessageID: ref.ID, Seq: ref.Seq}, read)
		require.Equal(t, read, awaitIn[protocol.MessageRead](t, cid, protocol.TypeMessageRead, id))
		require.Zero(t, c.unread(t, 0))

		mine := sayIn(t, ann, id, "to be changed")
		requestIn[protocol.Empty](t, ann, protocol.TypeMessageEdit, id, m{"message_id": mine.ID, "content": "changed"})
		require.Equal(t, "changed", await[protocol.Message](t, bob, protocol.TypeMessageEdit).Content)
		requestIn[protocol.Empty](t, ann, protocol.TypeMessageDelete, id, m{"message_id": mine.ID})
		require.Equal(t, mine.ID, awaitIn[protocol.Message](t, cid, protocol.TypeMessageDelete, id).ID)
		requestIn[protocol.Empty](t, ann, protocol.TypeMarkRoomAsRead, id, nil)

		unsubscribe(t, ann, id, protocol.ChannelChat)
		require.Equal(t, annID, awaitIn[protocol.PresenceChange](t, cid, protocol.TypeUserOffline, id).User.ID)
		say(t, bob, "not for ann")
		awaitIn[protocol.Message](t, cid, protocol.TypeChatMessage, id)
		for _, f := range sinceThen(t, ann, id) {
			require.NotContains(t, string(f.Raw), "not for ann")
		}
	}
}

// A replay on a multiplexed socket is as on a room's own.
func TestMultiplexedReplay(t *testing.T) {
	t.Parallel()
	rooms := several(t, 3, "ann", "bob")
	k := openAll(t, rooms[0].users[1])
	for i, c := range rooms {
		const messages = 130 // of more than one page
		fill(t, c.joined(t, 0), messages, "x")
		since := int64(10 * i)
		data := subscription(c.room.ID, protocol.ChannelChat)
		data["since_seq"] = since
		ack := requestIn[protocol.Subscribed](t, k, protocol.TypeSubscribe, c.room.ID, data)
		require.EqualValues(t, messages, *ack.LastSeq)
		var got []protocol.Message
		for len(got) < messages-int(since) {
			got = append(got, awaitIn[protocol.Message](t, k, protocol.TypeChatMessage, c.room.ID))
		}
		requireSeqs(t, since+1, got)
		require.Equal(t, c.history(t, 0)[since:], got)
		awaitIn[protocol.PresenceState](t, k, protocol.TypePresenceState, c.room.ID)
	}
}

// What a multiplexed socket sees of a chat is what a room's own socket sees, in
// the same order.
func TestMultiplexedSeesWhatARoomsSocketSees(t *testing.T) {
	t.Parallel()
	rooms := several(t, 3, "ann", "bob", "cid")
	k := openAll(t, rooms[0].users[2])
	own := make([]*client.Socket, len(rooms))
	for i, c := range rooms {
		subscribe(t, k, c.room.ID, protocol.ChannelChat, protocol.ChannelCall)
		own[i] = c.joined(t, 2)
	}
	catchUp(t, own...)
	sinceThen(t, k, ids(rooms)...)
	for i, c := range rooms {
		busyIn(t, c, i)
	}
	all := sinceThen(t, k, ids(rooms)...)
	for i, c := range rooms {
		var of []client.Frame
		for _, f := range all {
			if f.RoomID == c.room.ID {
				of = append(of, f)
			}
		}
		require.Equal(t, chatOnly(drained(t, own[i])), chatOnly(of), "room %d of the three", i)
	}
}

// busyIn has two users do this and that.
func busyIn(t *testing.T, c *chatting, salt int) {
	t.Helper()
	ann, bob := c.joined(t, 0), c.joined(t, 1)
	for n := range 20 {
		ref := say(t, ann, fmt.Sprint(salt, n))
		request[protocol.Empty](t, bob, protocol.TypeTyping, m{"note": fmt.Sprint(n)})
		request[protocol.Empty](t, bob, protocol.TypeMessageRead, m{"message_id": ref.ID})
		request[protocol.Empty](t, ann, protocol.TypeMessageEdit, m{"message_id": ref.ID, "content": "other"})
	}
	require.NoError(t, c.users[0].Call(within(t), http.MethodPost, c.path("messages/"), text("by REST"), nil))
}

// chatOnly are the frames of a chat, as they were sent.
func chatOnly(all []client.Frame) (list []string) {
	for _, f := range all {
		switch f.Type {
		case protocol.TypeChatMessage, protocol.TypeTyping, protocol.TypeMessageRead, protocol.TypeMessageEdit:
			list = append(list, string(f.Type)+string(f.Data))
		}
	}
	return list
}
