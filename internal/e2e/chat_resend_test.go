package e2e

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
	"parley/protocol"
)

func keyed(content, key string) map[string]string {
	return map[string]string{"content": content, "client_msg_id": key}
}

func TestResendIsStoredAndBroadcastOnce(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann", "bob")
	bob, ann := c.joined(t, 1), c.joined(t, 0)
	await[protocol.PresenceChange](t, bob, protocol.TypeUserOnline)
	send := func(k *client.Socket, content string) protocol.MessageRef {
		return request[protocol.MessageRef](t, k, protocol.TypeChatMessage, keyed(content, "k-1"))
	}
	first := send(ann, "first")
	require.Equal(t, first, send(ann, "first"), "the same socket")
	require.Equal(t, first, send(ann, "other words"), "the first stands")
	require.Equal(t, first, send(c.joined(t, 0), "first"), "another socket")

	require.NoError(t, ann.Close())
	again, _ := c.live(t, 0, "?since_seq=1")
	require.Equal(t, first, send(again, "first"), "after reconnecting")

	var m protocol.Message
	status, err := c.Do(within(t), c.users[0].Token, http.MethodPost, c.path("messages/"), keyed("first", "k-1"), &m)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, protocol.MessageRef{ID: m.ID, Seq: m.Seq}, first, "by REST")
	status, err = c.Do(within(t), c.users[0].Token, http.MethodPost, c.path("messages/"), keyed("by REST", "k-2"), &m)
	require.NoError(t, err)
	require.Equal(t, http.StatusCreated, status)
	second := request[protocol.MessageRef](t, again, protocol.TypeChatMessage, keyed("by REST", "k-2"))
	require.Equal(t, protocol.MessageRef{ID: m.ID, Seq: 2}, second)

	require.EqualValues(t, 3, send(bob, "of another author").Seq)
	got := messages(t, bob, 3)
	requireSeqs(t, 1, got)
	require.Equal(t, "k-1", got[0].ClientMsgID)
	require.Equal(t, "k-1", got[2].ClientMsgID)
	still(t, bob)
	require.Len(t, c.history(t, 0), 3)
}

func TestResendInAnotherRoomIsAnotherMessage(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann")
	other := &chatting{node: c.node, users: c.users, room: meet(t, c.users...)}
	a := request[protocol.MessageRef](t, c.joined(t, 0), protocol.TypeChatMessage, keyed("x", "k"))
	b := request[protocol.MessageRef](t, other.joined(t, 0), protocol.TypeChatMessage, keyed("x", "k"))
	require.NotEqual(t, a.ID, b.ID)
	require.EqualValues(t, 1, b.Seq)
}

func TestConcurrentResendsFromEightSockets(t *testing.T) {
	t.Parallel()
	c := startChat(t, "ann", "bob")
	bob := c.joined(t, 1)
	const sockets, rounds = 8, 25
	senders := make([]*client.Socket, sockets)
	for i := range senders {
		senders[i] = c.joined(t, 0)
	}
	refs := make([][rounds]protocol.MessageRef, sockets)
	var wg sync.WaitGroup
	for i, k := range senders {
		wg.Go(func() {
			for r := range rounds {
				f, err := k.Request(t.Context(), protocol.TypeChatMessage, keyed("x", fmt.Sprint("round ", r)))
				if err != nil || f.Into(&refs[i][r]) != nil {
					t.Errorf("socket %d, round %d: %v", i, r, err)
					return
				}
			}
		})
	}
	wg.Wait()
	for i := range refs {
		require.Equal(t, refs[0], refs[i], "acks of socket %d", i)
	}
	requireSeqs(t, 1, messages(t, bob, rounds))
	still(t, bob)
	require.Len(t, c.history(t, 0), rounds)
}
