package e2e

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"parley/configs"
	"parley/internal/app"
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
	app *app.App
	cfg configs.Config
}

// startNode starts a node on free ports with data in a folder of its own, and
// stops it when the test ends.
func startNode(t *testing.T, change ...func(*configs.Config)) *node {
	t.Helper()
	cfg := testConfig(t)
	for _, c := range change {
		c(&cfg)
	}
	n := &node{cfg: cfg}
	n.start(t)
	t.Cleanup(func() { n.stop(t) })
	return n
}

func testConfig(t *testing.T) configs.Config {
	t.Helper()
	cfg := configs.Default()
	cfg.HTTP.Addr, cfg.Admin.Addr = "127.0.0.1:0", "127.0.0.1:0"
	cfg.Store.DSN = "sqlite:" + filepath.Join(t.TempDir(), "parley.db")
	cfg.Auth.Argon2 = configs.Argon2{MemoryKiB: 64, Time: 1, Threads: 1} // tests sign up by the hundred
	cfg.Edge.Shards = 2
	if roomtest.Apart() { // all but a room's first socket is anywhere
		cfg.Edge.Shards, cfg.Edge.Spill = roomtest.Shards, 1
	}
	return cfg
}

func (n *node) start(t *testing.T) {
	t.Helper()
	a, err := app.New(t.Context(), n.cfg, slog.New(slog.NewTextHandler(t.Output(), nil)))
	require.NoError(t, err)
	require.NoError(t, a.Start(t.Context()))
	n.app = a
	n.Base = "http://" + a.Addr()
}

func (n *node) stop(t *testing.T) {
	t.Helper()
	if n.app == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	require.NoError(t, n.app.Stop(ctx))
	n.app = nil
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
