package e2e

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
	"parley/protocol"
)

// several are rooms on one node with the same users in each.
func several(t *testing.T, n int, names ...string) []*chatting {
	t.Helper()
	return severalOn(t, startNode(t), n, names...)
}

func severalOn(t *testing.T, on *node, n int, names ...string) []*chatting {
	t.Helper()
	rooms := []*chatting{chatOn(t, on, names...)}
	for len(rooms) < n {
		rooms = append(rooms, &chatting{node: rooms[0].node, users: rooms[0].users, room: meet(t, rooms[0].users...)})
	}
	return rooms
}

// openAll opens a multiplexed socket and reads its welcome.
func openAll(t *testing.T, u *client.User) *client.Socket {
	t.Helper()
	k := open(t, u, "/ws/")
	require.Zero(t, next[protocol.Welcome](t, k, protocol.TypeWelcome).RoomID)
	return k
}

// in is the data of a frame for a room.
func in(roomID int64, data any) client.InRoom { return client.InRoom{RoomID: roomID, Data: data} }

// ids are the rooms' ids.
func ids(rooms []*chatting) (list []int64) {
	for _, c := range rooms {
		list = append(list, c.room.ID)
	}
	return list
}

// subscription is the data of a subscribe or an unsubscribe.
func subscription(roomID int64, ch protocol.Channel) m { return m{"room_id": roomID, "channel": ch} }

// subscribe subscribes to channels of a room and returns what the last ack says.
func subscribe(t *testing.T, k *client.Socket, roomID int64, channels ...protocol.Channel) (ack protocol.Subscribed) {
	t.Helper()
	for _, ch := range channels {
		ack = requestIn[protocol.Subscribed](t, k, protocol.TypeSubscribe, roomID, subscription(roomID, ch))
		require.Equal(t, ch == protocol.ChannelChat, ack.LastSeq != nil)
	}
	return ack
}

// unsubscribe ends a subscription.
func unsubscribe(t *testing.T, k *client.Socket, roomID int64, ch protocol.Channel) {
	t.Helper()
	request[protocol.Empty](t, k, protocol.TypeUnsubscribe, subscription(roomID, ch))
}

// requestIn is request for a frame for a room: the ack names it.
func requestIn[T any](t *testing.T, k *client.Socket, typ protocol.Type, roomID int64, data any) T {
	t.Helper()
	f, err := k.Request(within(t), typ, in(roomID, data))
	require.NoError(t, err, typ)
	require.Equal(t, roomID, f.RoomID, "frame: %s", f.Raw)
	var v T
	require.NoError(t, f.Into(&v))
	return v
}

// sayIn sends a message to a room.
func sayIn(t *testing.T, k *client.Socket, roomID int64, content string) protocol.MessageRef {
	t.Helper()
	return requestIn[protocol.MessageRef](t, k, protocol.TypeChatMessage, roomID, text(content))
}

// awaitIn returns the data of the next frame of a type in a room.
func awaitIn[T any](t *testing.T, k *client.Socket, typ protocol.Type, roomID int64) (v T) {
	t.Helper()
	for {
		f, err := k.Next(within(t))
		require.NoError(t, err, "waiting for %s in room %d", typ, roomID)
		requireRoom(t, f)
		if f.Type == typ && f.RoomID == roomID {
			require.NoError(t, f.Into(&v))
			return v
		}
	}
}

// sinceThen returns the frames of rooms that have come up to now and were not read:
// of those that are named all that were sent up to now.
func sinceThen(t *testing.T, k *client.Socket, roomIDs ...int64) (all []client.Frame) {
	t.Helper()
	for _, id := range roomIDs { // what a room answers comes behind what it has sent
		refused(t, k, protocol.TypeTyping, in(id, m{"note": 0}))
		refused(t, k, protocol.TypePeerState, in(id, m{"peer_id": 0}))
	}
	require.NoError(t, k.Send(within(t), protocol.TypePing, nil))
	for {
		f, err := k.Next(within(t))
		require.NoError(t, err)
		requireRoom(t, f)
		if f.Type == protocol.TypePong {
			return all
		}
		if !ofUser(f) {
			all = append(all, f)
		}
	}
}

// requireRoom requires that a frame of a multiplexed socket names its room.
func requireRoom(t *testing.T, f client.Frame) {
	t.Helper()
	require.Equal(t, f.Type != protocol.TypePong, f.RoomID > 0, "frame: %s", f.Raw)
}

// ofUser reports whether a frame concerns the user, subscribed or not.
func ofUser(f client.Frame) bool {
	return slices.Contains([]protocol.Type{
		protocol.TypeUnread, protocol.TypeRoomAdded, protocol.TypeRoomRemoved, protocol.TypeIncomingCall,
	}, f.Type)
}
