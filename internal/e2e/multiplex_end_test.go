package e2e

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
	"parley/protocol"
)

// ending is a way in which bob loses a room.
type ending struct {
	name  string
	do    func(t *testing.T, c *chatting)
	code  protocol.CloseCode
	left  protocol.LeaveReason // as a call peer
	lasts bool                 // the room
}

func endings() []ending {
	post := func(t *testing.T, c *chatting, i int, method, path string) {
		t.Helper()
		require.NoError(t, c.users[i].Call(within(t), method, c.path(path), nil, nil))
	}
	return []ending{
		{"removal", func(t *testing.T, c *chatting) { remove(t, c, 1) }, protocol.CloseForbidden, protocol.LeaveRemoved, true},
		{"leaving", func(t *testing.T, c *chatting) { post(t, c, 1, http.MethodPost, "leave/") }, protocol.CloseForbidden, protocol.LeaveLeft, true},
		{"deletion", func(t *testing.T, c *chatting) { post(t, c, 0, http.MethodDelete, "") }, protocol.CloseRoomDeleted, "", false},
	}
}

// unsubscribed waits until subscriptions of a room have ended, and returns why each
// channel's did.
func unsubscribed(t *testing.T, k *client.Socket, roomID int64, n int) map[protocol.Channel]protocol.CloseCode {
	t.Helper()
	codes := map[protocol.Channel]protocol.CloseCode{}
	for range n {
		u := awaitIn[protocol.Unsubscribed](t, k, protocol.TypeUnsubscribed, roomID)
		require.Equal(t, roomID, u.RoomID)
		require.NotEmpty(t, u.Reason)
		codes[u.Channel] = u.Code
	}
	require.Len(t, codes, n, "each channel once")
	return codes
}

// What ends a user's part in a room ends the subscriptions to that room only.
func TestMultiplexedSocketOutlivesARoom(t *testing.T) {
	t.Parallel()
	for _, e := range endings() {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			rooms := several(t, 4, "ann", "bob")
			bob, second := openAll(t, rooms[0].users[1]), openAll(t, rooms[0].users[1])
			for _, c := range rooms {
				subscribe(t, bob, c.room.ID, protocol.ChannelChat, protocol.ChannelCall)
				subscribe(t, second, c.room.ID, protocol.ChannelChat)
				joinIn(t, bob, c.room.ID)
			}
			for i, c := range rooms[:3] {
				e.run(t, c, bob, second)
				for _, still := range rooms[i+1:] {
					sayIn(t, bob, still.room.ID, "another room stays")
					requestIn[protocol.Delivery](t, bob, protocol.TypeSignal, still.room.ID, nil)
				}
			}
			for _, f := range sinceThen(t, bob, ids(rooms)...) {
				require.NotEqual(t, protocol.TypeUnsubscribed, f.Type, "frame: %s", f.Raw)
			}
		})
	}
}

// run ends bob's part in a room.
func (e ending) run(t *testing.T, c *chatting, bob, second *client.Socket) {
	t.Helper()
	id := c.room.ID
	chat, call := c.joined(t, 0), callSocket(t, c.users[0], id)
	call.join(t)
	catchUp(t, chat, call.Socket)
	e.do(t, c)
	require.Equal(t, map[protocol.Channel]protocol.CloseCode{
		protocol.ChannelChat: e.code, protocol.ChannelCall: e.code,
	}, unsubscribed(t, bob, id, 2))
	require.Equal(t, map[protocol.Channel]protocol.CloseCode{protocol.ChannelChat: e.code}, unsubscribed(t, second, id, 1))
	for _, typ := range []protocol.Type{protocol.TypeChatMessage, protocol.TypeSignal} {
		require.Equal(t, protocol.CodeNotSubscribed, refused(t, bob, typ, in(id, text("x"))))
	}
	require.Equal(t, protocol.CodePermissionDenied, refused(t, bob, protocol.TypeSubscribe, subscription(id, protocol.ChannelChat)))
	if !e.lasts {
		require.Equal(t, protocol.CloseRoomDeleted, closeCode(t, chat))
		return
	}
	bobID := c.users[1].Account.ID
	require.Equal(t, bobID, await[protocol.PresenceChange](t, chat, protocol.TypeUserOffline).User.ID)
	gone := await[protocol.UserLeft](t, call.Socket, protocol.TypeUserLeft)
	require.Equal(t, bobID, gone.UserID)
	require.Equal(t, e.left, gone.Reason)
	say(t, chat, "not for bob")
	for _, k := range []*client.Socket{bob, second} {
		for _, f := range sinceThen(t, k, id) {
			require.NotEqual(t, id, f.RoomID, "frame: %s", f.Raw)
		}
	}
}

// Logout leaves nothing to do: the socket closes, and only those of that token.
func TestMultiplexedLogout(t *testing.T) {
	t.Parallel()
	rooms := several(t, 3, "ann", "bob")
	phone, err := rooms[0].Login(within(t), "ann", password)
	require.NoError(t, err)
	k, kept := openAll(t, phone), openAll(t, rooms[0].users[0])
	bare := openAll(t, phone) // with no subscription
	bobs := make([]*caller, 0, len(rooms))
	for _, c := range rooms {
		subscribe(t, k, c.room.ID, protocol.ChannelChat, protocol.ChannelCall)
		joinIn(t, k, c.room.ID)
		subscribe(t, kept, c.room.ID, protocol.ChannelChat)
		bob := callSocket(t, c.users[1], c.room.ID)
		bob.join(t)
		bobs = append(bobs, bob)
	}
	require.NoError(t, phone.Call(within(t), http.MethodPost, "/api/auth/logout/", nil, nil))
	require.Equal(t, protocol.CloseUnauthenticated, closeCode(t, k))
	require.Equal(t, protocol.CloseUnauthenticated, closeCode(t, bare))
	for i, c := range rooms {
		require.Equal(t, protocol.LeaveLogout, await[protocol.UserLeft](t, bobs[i].Socket, protocol.TypeUserLeft).Reason)
		sayIn(t, kept, c.room.ID, "still here")
	}
	require.Equal(t, protocol.CloseUnauthenticated, closeCode(t, open(t, phone, "/ws/")))
}

// Whoever joins a call from another device is replaced in that call, and nowhere
// else, whatever kind of socket either device has.
func TestMultiplexedReplacement(t *testing.T) {
	t.Parallel()
	rooms := several(t, 3, "ann", "bob")
	first, second := openAll(t, rooms[0].users[0]), openAll(t, rooms[0].users[0])
	for _, c := range rooms {
		id := c.room.ID
		subscribe(t, first, id, protocol.ChannelChat, protocol.ChannelCall)
		subscribe(t, second, id, protocol.ChannelChat, protocol.ChannelCall)
		was := joinIn(t, first, id).PeerID
		bob := callSocket(t, c.users[1], id)
		bob.join(t)
		catchUp(t, bob.Socket)

		now := joinIn(t, second, id).PeerID
		replaced := func(k *client.Socket) {
			t.Helper()
			require.Equal(t, map[protocol.Channel]protocol.CloseCode{protocol.ChannelCall: protocol.CloseReplaced}, unsubscribed(t, k, id, 1))
			left := next[protocol.UserLeft](t, bob.Socket, protocol.TypeUserLeft)
			require.Equal(t, protocol.UserLeft{UserID: c.users[0].Account.ID, PeerID: was, Reason: protocol.LeaveReplaced}, left)
			require.Equal(t, now, next[protocol.UserJoined](t, bob.Socket, protocol.TypeUserJoined).PeerID)
			catchUp(t, bob.Socket)
			require.Equal(t, protocol.CodeNotSubscribed, refused(t, k, protocol.TypeSignal, in(id, nil)))
			sayIn(t, k, id, "the chat stays")
		}
		replaced(first)

		own := callSocket(t, c.users[0], id)
		was, now = now, own.join(t).PeerID
		replaced(second)

		subscribe(t, first, id, protocol.ChannelCall)
		joinIn(t, first, id)
		require.Equal(t, protocol.CloseReplaced, closeCode(t, own.Socket), "and the other way round")
	}
}
