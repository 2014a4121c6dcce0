package sqlite_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/store"
	"parley/store/sqlite"
)

// meter notes the batches; it is read when no more are written.
type meter struct {
	batches []int
	took    time.Duration
}

func (m *meter) Committed(batch int, took time.Duration) {
	m.batches = append(m.batches, batch)
	m.took += took
}

// holdWriteLock keeps the store from writing, as a backup would, until it is
// released.
func holdWriteLock(t *testing.T, path string) (release func()) {
	t.Helper()
	db := raw(t, path)
	conn, err := db.Conn(context.Background())
	require.NoError(t, err)
	_, err = conn.ExecContext(context.Background(), `BEGIN IMMEDIATE`)
	require.NoError(t, err)
	return func() {
		_, err := conn.ExecContext(context.Background(), `ROLLBACK`)
		require.NoError(t, err)
		require.NoError(t, conn.Close())
		require.NoError(t, db.Close())
	}
}

func TestQueuedWritesShareBatches(t *testing.T) {
	path := filepath.Join(t.TempDir(), "parley.db")
	m := &meter{}
	s := open(t, sqlite.Config{Path: path, MaxBatch: 100, Meter: m, BusyTimeout: time.Minute})
	roomID, userID := mustRoom(t, s, "ann")
	release := holdWriteLock(t, path)
	const n = 1000
	errs := make(chan error, n)
	for range n {
		s.PostMessage(store.NewMessage{RoomID: roomID, AuthorID: userID, Content: "x"},
			func(_ store.Message, _ bool, err error) { errs <- err })
	}
	require.GreaterOrEqual(t, s.Queued(), n-100, "one batch at most is under way")
	messages, err := s.MessagesAfter(context.Background(), roomID, 0, n)
	require.NoError(t, err, "reads do not wait for the writer")
	require.Empty(t, messages)
	release()
	for range n {
		require.NoError(t, <-errs)
	}
	require.NoError(t, s.Close())
	require.Zero(t, s.Queued())

	total := 0
	for _, batch := range m.batches {
		require.LessOrEqual(t, batch, 100)
		total += batch
	}
	require.Equal(t, n+2, total, "the user and the room count too")
	require.LessOrEqual(t, len(m.batches), 2+n/100+1)
	require.Positive(t, m.took)
}

func TestContextDoneWhileWriting(t *testing.T) {
	path := filepath.Join(t.TempDir(), "parley.db")
	s := openClosing(t, sqlite.Config{Path: path, BusyTimeout: time.Minute})
	release := holdWriteLock(t, path)
	ctx, cancel := context.WithCancel(context.Background())
	result := make(chan error, 1)
	go func() {
		_, err := s.CreateUser(ctx, store.NewUser{Username: "ann", Email: "ann@example.com"})
		result <- err
	}()
	_, err := s.UserByName(context.Background(), "ann")
	require.ErrorIs(t, err, store.ErrNotFound)
	cancel()
	require.ErrorIs(t, <-result, context.Canceled)
	release()
	require.NoError(t, s.Ping(context.Background()), "the store goes on")
}

func TestPingFailsWhileNothingCanBeWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "parley.db")
	s := openClosing(t, sqlite.Config{Path: path, BusyTimeout: time.Millisecond})
	require.NoError(t, s.Ping(context.Background()))
	release := holdWriteLock(t, path)
	require.Error(t, s.Ping(context.Background()))
	release()
	require.NoError(t, s.Ping(context.Background()))
}

func TestFileIsInWALMode(t *testing.T) {
	path := filepath.Join(t.TempDir(), "parley.db")
	openClosing(t, sqlite.Config{Path: path})
	db := raw(t, path)
	defer func() { require.NoError(t, db.Close()) }()
	require.Equal(t, "wal", pragma(t, db, "journal_mode"))
	require.Equal(t, "ok", pragma(t, db, "integrity_check"))
}

func pragma(t *testing.T, db *sql.DB, name string) string {
	t.Helper()
	var value string
	require.NoError(t, db.QueryRowContext(context.Background(), `PRAGMA `+name).Scan(&value))
	return value
}
