package e2e

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
	"parley/protocol"
)

func TestLogoutClosesTheSocketsOfItsToken(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann", "bob")
	other := &chatting{node: c.node, users: c.users, room: meet(t, c.users...)} // on the other shard
	second, err := c.Login(within(t), "ann", password)
	require.NoError(t, err)
	device := func(c *chatting) *client.Socket { return open(t, second, c.socket("")) }
	ended := []*client.Socket{device(c), device(c), device(other), openCall(t, second, c.room.ID)}
	ticketed, err := c.Dial(within(t), c.socket("?ticket="+ticket(t, second)), nil)
	require.NoError(t, err)
	t.Cleanup(func() { _ = ticketed.Close() })
	ended = append(ended, ticketed)
	for _, k := range ended {
		next[protocol.Welcome](t, k, protocol.TypeWelcome)
	}
	kept := []*client.Socket{c.joined(t, 0), other.joined(t, 0), c.joined(t, 1)}

	require.NoError(t, second.Call(within(t), http.MethodPost, "/api/auth/logout/", nil, nil))
	for _, k := range ended {
		require.Equal(t, protocol.CloseUnauthenticated, closeCode(t, k))
	}
	for _, k := range kept {
		say(t, k, "still here")
	}
	require.Equal(t, protocol.CloseUnauthenticated, closeCode(t, open(t, second, c.socket(""))))
}

func remove(t *testing.T, c *chatting, i int) {
	t.Helper()
	in := map[string]int64{"user_id": c.users[i].Account.ID}
	require.NoError(t, c.users[0].Call(within(t), http.MethodPost, c.path("remove-participant/"), in, nil))
}

func add(t *testing.T, c *chatting, i int) {
	t.Helper()
	in := map[string]int64{"user_id": c.users[i].Account.ID}
	require.NoError(t, c.users[0].Call(within(t), http.MethodPost, c.path("add-participant/"), in, nil))
}

func TestRemovalCutsOffAtOnce(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann", "bob")
	other := &chatting{node: c.node, users: c.users, room: meet(t, c.users...)}
	ann, elsewhere := c.joined(t, 0), other.joined(t, 1)
	for range 5 { // again and again: being added again lets in again at once
		bob, call := c.joined(t, 1), openCall(t, c.users[1], c.room.ID)
		await[protocol.PresenceChange](t, ann, protocol.TypeUserOnline)
		next[protocol.Welcome](t, call, protocol.TypeWelcome)
		remove(t, c, 1)
		say(t, ann, "not for bob")
		require.Equal(t, protocol.CloseForbidden, closeCode(t, bob))
		require.Equal(t, protocol.CloseForbidden, closeCode(t, call))
		for {
			f, err := bob.Next(within(t))
			if err != nil {
				break
			}
			require.NotEqual(t, protocol.TypeChatMessage, f.Type, "after the removal: %s", f.Raw)
		}
		await[protocol.PresenceChange](t, ann, protocol.TypeUserOffline)
		require.Equal(t, protocol.CloseForbidden, closeCode(t, open(t, c.users[1], c.socket(""))))
		add(t, c, 1)
	}
	say(t, elsewhere, "still in another room")
	say(t, c.joined(t, 1), "back again")
}

func TestLeavingByRESTCloses4403(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann", "bob")
	ann, bob := c.joined(t, 0), c.joined(t, 1)
	require.NoError(t, c.users[1].Call(within(t), http.MethodPost, c.path("leave/"), nil, nil))
	require.Equal(t, protocol.CloseForbidden, closeCode(t, bob))
	await[protocol.PresenceChange](t, ann, protocol.TypeUserOffline)
	require.NoError(t, c.users[1].JoinRoom(within(t), c.room.ID))
	say(t, c.joined(t, 1), "back again")
}

func TestDeletedRoomCloses4410(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann", "bob")
	other := &chatting{node: c.node, users: c.users, room: meet(t, c.users...)}
	elsewhere := other.joined(t, 0)
	sockets := append(c.bothKinds(t), c.joined(t, 1))
	require.NoError(t, c.users[0].Call(within(t), http.MethodDelete, c.path(""), nil, nil))
	for _, k := range sockets {
		require.Equal(t, protocol.CloseRoomDeleted, closeCode(t, k))
	}
	say(t, elsewhere, "another room stays")
	require.Equal(t, protocol.CloseForbidden, closeCode(t, open(t, c.users[0], c.socket(""))), "there is no such room")
}
