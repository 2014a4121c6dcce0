package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
	"parley/protocol"
)

// chatting is a room with users in it, on a node of its own.
type chatting struct {
	*node
	room  protocol.Room
	users []*client.User
}

// startChat starts a node with users who share a room; the first owns it.
func startChat(t *testing.T, names ...string) *chatting {
	t.Helper()
	return chatOn(t, startNode(t), names...)
}

func chatOn(t *testing.T, n *node, names ...string) *chatting {
	t.Helper()
	users := signUp(t, n.Server, names...)
	return &chatting{node: n, room: meet(t, users...), users: users}
}

// path is the path of a REST route of the room, such as "messages/".
func (c *chatting) path(rest string) string { return fmt.Sprintf("/api/rooms/%d/%s", c.room.ID, rest) }

// socket is the path of the room's chat socket.
func (c *chatting) socket(query string) string {
	return fmt.Sprintf("/ws/room/%d/%s", c.room.ID, query)
}

// live opens a chat socket of the i-th user and reads all that comes before
// what is live; these are the messages of the replay.
func (c *chatting) live(t *testing.T, i int, query string) (*client.Socket, []protocol.Message) {
	t.Helper()
	k := openChat(t, c.users[i], c.room.ID, query)
	next[protocol.Welcome](t, k, protocol.TypeWelcome)
	return k, replayed(t, k)
}

// joined is live for a socket that has nothing to catch up.
func (c *chatting) joined(t *testing.T, i int) *client.Socket {
	t.Helper()
	k, missed := c.live(t, i, "")
	require.Empty(t, missed, "replayed without since_seq")
	return k
}

// replayed reads messages up to presence_state.
func replayed(t *testing.T, k *client.Socket) (ms []protocol.Message) {
	t.Helper()
	for {
		f, err := k.Next(within(t))
		require.NoError(t, err, "after %d messages", len(ms))
		if f.Type == protocol.TypePresenceState {
			return ms
		}
		ms = append(ms, message(t, f))
	}
}

// message decodes a frame, which must be a chat_message.
func message(t *testing.T, f client.Frame) (m protocol.Message) {
	t.Helper()
	require.Equal(t, protocol.TypeChatMessage, f.Type, "frame: %s", f.Raw)
	require.NoError(t, f.Into(&m))
	return m
}

// messages reads n chat messages and drops whatever is between them.
func messages(t *testing.T, k *client.Socket, n int) []protocol.Message {
	t.Helper()
	ms := make([]protocol.Message, n)
	for i := range ms {
		ms[i] = await[protocol.Message](t, k, protocol.TypeChatMessage)
	}
	return ms
}

// say sends a message and returns what its ack names.
func say(t *testing.T, k *client.Socket, content string) protocol.MessageRef {
	t.Helper()
	return request[protocol.MessageRef](t, k, protocol.TypeChatMessage, text(content))
}

func text(content string) map[string]string { return map[string]string{"content": content} }

// fill stores n messages, without waiting for each; the room's seq must not
// move otherwise. It returns the last.
func fill(t *testing.T, k *client.Socket, n int, content string) protocol.MessageRef {
	t.Helper()
	for range n - 1 {
		require.NoError(t, k.Send(within(t), protocol.TypeChatMessage, text(content)))
	}
	return say(t, k, content)
}

// history reads all of a room's messages by REST, oldest first.
func (c *chatting) history(t *testing.T, i int) (all []protocol.Message) {
	t.Helper()
	for after := int64(0); ; {
		var page struct{ Results []protocol.Message }
		path := c.path(fmt.Sprintf("messages/?after_seq=%d&limit=100", after))
		require.NoError(t, c.users[i].Call(within(t), http.MethodGet, path, nil, &page))
		if len(page.Results) == 0 {
			return all
		}
		all = append(all, page.Results...)
		after = all[len(all)-1].Seq
	}
}

// requireSeqs requires the seqs from first on, without gap or double, in order.
func requireSeqs(t *testing.T, first int64, ms []protocol.Message) {
	t.Helper()
	for i, m := range ms {
		require.Equal(t, first+int64(i), m.Seq, "message %d of %d", i, len(ms))
	}
}

// raw sends a frame as it is and returns the next frame that comes.
func raw(t *testing.T, k *client.Socket, text string) client.Frame {
	t.Helper()
	require.NoError(t, k.SendRaw(within(t), []byte(text)))
	f, err := k.Next(within(t))
	require.NoError(t, err, "after sending %s", text)
	return f
}

// rawError is raw for a frame that is answered by an error.
func rawError(t *testing.T, k *client.Socket, text string) (client.Frame, protocol.ErrorData) {
	t.Helper()
	f := raw(t, k, text)
	require.Equal(t, protocol.TypeError, f.Type, "answer to %s: %s", text, f.Raw)
	var e protocol.ErrorData
	require.NoError(t, f.Into(&e))
	require.NotEmpty(t, e.Message)
	return f, e
}

// still requires that nothing came that was not read: all that the room's
// goroutine sent before is in the socket before this ping's pong.
func still(t *testing.T, k *client.Socket) {
	t.Helper()
	f := raw(t, k, `{"type":"ping","id":"still"}`)
	require.Equal(t, protocol.TypePong, f.Type, "unexpected: %s", f.Raw)
	require.Equal(t, "still", f.ID)
}

// quoted is a string as JSON.
func quoted(t *testing.T, s string) string {
	t.Helper()
	b, err := json.Marshal(s)
	require.NoError(t, err)
	return string(b)
}
