package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
	"parley/protocol"
)

func names(st protocol.PresenceState) (list []string) {
	for _, u := range st.Users {
		list = append(list, u.Username)
	}
	return list
}

// arrive opens a chat socket and returns the presence that it was told.
func (c *chatting) arrive(t *testing.T, i int) (*client.Socket, protocol.PresenceState) {
	t.Helper()
	k := openChat(t, c.users[i], c.room.ID, "")
	next[protocol.Welcome](t, k, protocol.TypeWelcome)
	return k, next[protocol.PresenceState](t, k, protocol.TypePresenceState)
}

func TestPresenceBySockets(t *testing.T) {
	t.Parallel()
	c := chatOn(t, startNode(t, resumable(shortWindow)), "ann", "bob")
	ann, st := c.arrive(t, 0)
	require.Equal(t, []string{"ann"}, names(st), "oneself included")
	require.Equal(t, 1, st.Count)

	bob, st := c.arrive(t, 1)
	require.Equal(t, []string{"ann", "bob"}, names(st))
	require.Equal(t, 2, st.Count)
	online := next[protocol.PresenceChange](t, ann, protocol.TypeUserOnline)
	require.Equal(t, protocol.User{ID: c.users[1].Account.ID, Username: "bob", DisplayName: "bob"}, online.User)

	phone, st := c.arrive(t, 1)
	require.Equal(t, []string{"ann", "bob"}, names(st))
	require.Equal(t, 2, st.Count, "users are counted, not sockets")
	require.NoError(t, bob.Close())
	still(t, ann)

	phone.Cut()
	offline := next[protocol.PresenceChange](t, ann, protocol.TypeUserOffline)
	require.Equal(t, online, offline)
	still(t, ann)
	bob, _ = c.arrive(t, 1)
	next[protocol.PresenceChange](t, ann, protocol.TypeUserOnline)
	still(t, bob)
}

func TestPresenceDoesNotCountCallSockets(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann", "bob")
	ann, _ := c.arrive(t, 0)
	call := openCall(t, c.users[1], c.room.ID)
	next[protocol.CallState](t, ann, protocol.TypeCallState)
	still(t, ann)
	_, st := c.arrive(t, 0)
	require.Equal(t, []string{"ann"}, names(st))

	bob, _ := c.arrive(t, 1)
	next[protocol.PresenceChange](t, ann, protocol.TypeUserOnline)
	require.NoError(t, bob.Close())
	next[protocol.PresenceChange](t, ann, protocol.TypeUserOffline)
	require.NoError(t, call.Close())
	next[protocol.CallState](t, ann, protocol.TypeCallState)
	still(t, ann)
}

func TestPresenceOfRoomsIsApart(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann", "bob")
	other := &chatting{node: c.node, users: c.users, room: meet(t, c.users...)}
	ann, _ := c.arrive(t, 0)
	_, st := other.arrive(t, 1)
	require.Equal(t, []string{"bob"}, names(st))
	still(t, ann)
}
