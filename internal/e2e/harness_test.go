package e2e

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"parley/configs"
	"parley/internal/nodetest"
	"parley/loadtest/client"
	"parley/protocol"
	"parley/room/roomtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Clients see the same where rooms spill. What is about a process, or about very
// many sockets, is not run again.
func TestApart(t *testing.T) {
	roomtest.Again(t, "^(TestProcess.*|TestPresenceOfALargeRoom|TestResumeInRandomSchedules|TestNodes.*)$")
}

// patience bounds every wait of a test: far longer than anything takes, even
// under the race detector on a busy machine.
const patience = 30 * time.Second

// password of every user in these tests.
const password = "correct horse battery"

// node is a node that a test started in this process.
type node struct {
	client.Server
	*nodetest.Node
}

// startNode starts a node that ends with the test.
func startNode(t *testing.T, change ...func(*configs.Config)) *node {
	t.Helper()
	n := nodetest.Start(t, append([]func(*configs.Config){anywhere}, change...)...)
	return &node{Server: client.Server{Base: n.URL()}, Node: n}
}

// anywhere puts all but a room's first socket on any shard, where the tests are run again so.
func anywhere(cfg *configs.Config) {
	if roomtest.Apart() {
		cfg.Edge.Shards, cfg.Edge.Spill = roomtest.Shards, 1
	}
}

func (n *node) stop(t *testing.T) {
	t.Helper()
	require.NoError(t, n.Stop())
}

// within returns a context that bounds the rest of a test's waits.
func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

// signUp registers users.
func signUp(t *testing.T, s client.Server, names ...string) []*client.User {
	t.Helper()
	users := make([]*client.User, 0, len(names))
	for _, name := range names {
		u, err := s.Register(within(t), name, password)
		require.NoError(t, err)
		users = append(users, u)
	}
	return users
}

// meet makes a room of the first user's that all are in.
func meet(t *testing.T, users ...*client.User) protocol.Room {
	t.Helper()
	room, err := users[0].CreateRoom(within(t), "a room")
	require.NoError(t, err)
	for _, u := range users[1:] {
		require.NoError(t, u.JoinRoom(within(t), room.ID))
	}
	return room
}

// openChat opens a chat socket and reads its welcome and presence.
func openChat(t *testing.T, u *client.User, roomID int64, query string) *client.Socket {
	t.Helper()
	k := open(t, u, fmt.Sprintf("/ws/room/%d/%s", roomID, query))
	return k
}

// openCall opens a call socket.
func openCall(t *testing.T, u *client.User, roomID int64) *client.Socket {
	t.Helper()
	return open(t, u, fmt.Sprintf("/ws/call/%d/", roomID))
}

func open(t *testing.T, u *client.User, path string) *client.Socket {
	t.Helper()
	k, err := u.Open(within(t), path)
	require.NoError(t, err)
	t.Cleanup(func() { _ = k.Close() })
	return k
}

// await returns the data of the next frame of a type.
func await[T any](t *testing.T, k *client.Socket, typ protocol.Type) T {
	t.Helper()
	f, err := k.Await(within(t), typ)
	require.NoError(t, err)
	var v T
	require.NoError(t, f.Into(&v))
	return v
}

// next returns the data of the next frame, which must be of a type.
func next[T any](t *testing.T, k *client.Socket, typ protocol.Type) T {
	t.Helper()
	f, err := k.Next(within(t))
	require.NoError(t, err, "waiting for %s", typ)
	require.Equal(t, typ, f.Type, "frame: %s", f.Raw)
	var v T
	require.NoError(t, f.Into(&v))
	return v
}

// request sends a frame and returns the data of its ack.
func request[T any](t *testing.T, k *client.Socket, typ protocol.Type, data any) T {
	t.Helper()
	f, err := k.Request(within(t), typ, data)
	require.NoError(t, err)
	require.Equal(t, protocol.TypeAck, f.Type, "frame: %s", f.Raw)
	var v T
	require.NoError(t, f.Into(&v))
	return v
}

// refused sends a frame and returns the code of the error that answers it.
func refused(t *testing.T, k *client.Socket, typ protocol.Type, data any) protocol.Code {
	t.Helper()
	_, err := k.Request(within(t), typ, data)
	var fe *client.FrameError
	require.ErrorAs(t, err, &fe)
	return fe.Code
}

// closeCode waits for the server to close the socket.
func closeCode(t *testing.T, k *client.Socket) protocol.CloseCode {
	t.Helper()
	code, err := k.CloseCode(within(t))
	require.NoError(t, err)
	return code
}
