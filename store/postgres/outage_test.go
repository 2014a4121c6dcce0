package postgres_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/servers"
	"parley/store"
	"parley/store/postgres"
)

// TestServerThatIsAway: all calls fail, with errors that are none of the
// contract's; when the server is back they succeed.
func TestServerThatIsAway(t *testing.T) {
	server := servers.Postgres(t)
	s := openClosing(t, postgres.Config{DSN: server.Database(t)})
	roomID, userID := room(t, s, "ann")
	message := store.NewMessage{RoomID: roomID, AuthorID: userID, Content: "x", ClientMsgID: "x"}
	server.Stop()
	requireAway(t, s, message)
	server.Start()
	requireBack(t, s, message)
}

// TestServerThatDoesNotAnswer: its sockets are open, and nothing comes.
func TestServerThatDoesNotAnswer(t *testing.T) {
	server := servers.Postgres(t)
	s := openClosing(t, postgres.Config{DSN: server.Database(t), Timeout: 300 * time.Millisecond})
	roomID, userID := room(t, s, "ann")
	message := store.NewMessage{RoomID: roomID, AuthorID: userID, Content: "x", ClientMsgID: "x"}
	server.Pause()
	requireAway(t, s, message)
	server.Resume()
	requireBack(t, s, message)
}

func requireAway(t *testing.T, s *postgres.Store, m store.NewMessage) {
	t.Helper()
	ctx := context.Background()
	_, read := s.RoomByID(ctx, m.RoomID)
	_, written := s.CreateRoom(ctx, store.NewRoom{OwnerID: m.AuthorID})
	_, removed := s.RemoveParticipant(ctx, m.RoomID, m.AuthorID)
	_, posted := post(s, m)
	for name, err := range map[string]error{
		"read": read, "create": written, "remove": removed, "post": posted, "ping": s.Ping(ctx),
	} {
		require.Error(t, err, name)
		require.False(t, store.Refused(err), "%s: %v", name, err)
		require.NotErrorIs(t, err, store.ErrClosed, name)
	}
}

func requireBack(t *testing.T, s *postgres.Store, m store.NewMessage) {
	t.Helper()
	ctx := context.Background()
	require.Eventually(t, func() bool { return s.Ping(ctx) == nil }, 30*time.Second, 10*time.Millisecond)
	stored, err := post(s, m)
	require.NoError(t, err)
	require.EqualValues(t, 1, stored.Seq, "what was in flight is there once, or not at all")
	_, err = s.RoomByID(ctx, m.RoomID)
	require.NoError(t, err)
}

// TestWhatWaitsFailsWithTheServer: a long queue is not tried group by group.
func TestWhatWaitsFailsWithTheServer(t *testing.T) {
	server := servers.Postgres(t)
	s := openClosing(t, postgres.Config{DSN: server.Database(t), MaxBatch: 1, Connections: 2})
	roomID, userID := room(t, s, "ann")
	server.Stop()
	const n = 2000
	errs := make(chan error, n)
	for range n {
		s.PostMessage(store.NewMessage{RoomID: roomID, AuthorID: userID}, func(_ store.Message, _ bool, err error) { errs <- err })
	}
	for range n {
		require.Error(t, <-errs)
	}
	require.Zero(t, s.Queued())
	server.Start()
}

// TestServerThatBecomesAStandby: a server that takes no writes any more, as after
// a failover, is left for one that does.
func TestServerThatBecomesAStandby(t *testing.T) {
	dsn := newDatabase(t)
	s := openClosing(t, postgres.Config{DSN: dsn, Connections: 2})
	roomID, userID := room(t, s, "ann")
	message := store.NewMessage{RoomID: roomID, AuthorID: userID, Content: "x"}
	readOnly := func(value string) {
		tamper(t, shared.URL("postgres"), `ALTER DATABASE `+nameOf(dsn)+` SET default_transaction_read_only = `+value)
		tamper(t, shared.URL("postgres"),
			`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1`, nameOf(dsn))
	}
	readOnly("on")
	require.Error(t, s.Ping(t.Context()))
	_, err := post(s, message)
	require.Error(t, err)
	require.False(t, store.Refused(err))
	readOnly("off")
	require.Eventually(t, func() bool { return s.Ping(t.Context()) == nil }, 30*time.Second, 10*time.Millisecond)
	stored, err := post(s, message)
	require.NoError(t, err)
	require.EqualValues(t, 1, stored.Seq)
}
