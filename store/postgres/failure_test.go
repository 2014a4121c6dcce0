package postgres_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"parley/store"
	"parley/store/postgres"
)

// TestFailedWriteFailsAlone puts writes that the database fails (a trigger
// stands in for a defect) between good ones of the same group.
func TestFailedWriteFailsAlone(t *testing.T) {
	dsn := newDatabase(t)
	s := openClosing(t, postgres.Config{DSN: dsn})
	roomID, userID := room(t, s, "ann")
	tamper(t, dsn, `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'defect'; END $$;
		CREATE TRIGGER defect BEFORE INSERT ON messages FOR EACH ROW WHEN (NEW.content = 'bad') EXECUTE FUNCTION fail()`)
	bad := func(i int) string {
		switch i % 50 {
		case 25:
			return "bad"
		case 35:
			return "NUL\x00" // which PostgreSQL does not take
		}
		return ""
	}
	release := holdRoom(t, dsn, roomID)
	const n = 200
	type answer struct {
		i   int
		m   store.Message
		err error
	}
	answers := make(chan answer, n)
	for i := range n {
		m := store.NewMessage{RoomID: roomID, AuthorID: userID, Content: "good", ClientMsgID: fmt.Sprint(i)}
		if content := bad(i); content != "" {
			m.Content = content
		}
		s.PostMessage(m, func(m store.Message, _ bool, err error) { answers <- answer{i, m, err} })
	}
	release()
	seq := int64(0)
	for i := range n {
		a := <-answers
		require.Equal(t, i, a.i, "callbacks out of order")
		if bad(i) != "" {
			require.Error(t, a.err)
			require.False(t, store.Refused(a.err))
			require.Zero(t, a.m)
			continue
		}
		require.NoError(t, a.err)
		seq++
		require.Equal(t, seq, a.m.Seq)
	}
	messages, err := s.MessagesAfter(context.Background(), roomID, 0, n)
	require.NoError(t, err)
	require.Len(t, messages, int(seq))
}

// TestCommitThatFailsIsAFailure: a constraint that is checked at commit stands in
// for whatever else may keep a transaction from being committed.
func TestCommitThatFailsIsAFailure(t *testing.T) {
	dsn := newDatabase(t)
	s := openClosing(t, postgres.Config{DSN: dsn})
	roomID, userID := room(t, s, "ann")
	tamper(t, dsn, `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'too late'; END $$;
		CREATE CONSTRAINT TRIGGER late AFTER INSERT ON messages DEFERRABLE INITIALLY DEFERRED
		FOR EACH ROW WHEN (NEW.content = 'bad') EXECUTE FUNCTION fail()`)
	for range 2 {
		_, err := post(s, store.NewMessage{RoomID: roomID, AuthorID: userID, Content: "bad"})
		require.ErrorContains(t, err, "too late")
	}
	m, err := post(s, store.NewMessage{RoomID: roomID, AuthorID: userID, Content: "good"})
	require.NoError(t, err)
	require.EqualValues(t, 1, m.Seq)
}

// TestRoomThatIsHeld: who holds a room's lock for long holds up its writes, for
// as long as the store waits, and neither reads nor other rooms' writers.
func TestRoomThatIsHeld(t *testing.T) {
	dsn := newDatabase(t)
	s := openClosing(t, postgres.Config{DSN: dsn, Timeout: 400 * time.Millisecond})
	roomID, userID := room(t, s, "ann")
	other, err := s.CreateRoom(t.Context(), store.NewRoom{OwnerID: userID})
	require.NoError(t, err)
	release := holdRoom(t, dsn, roomID)
	message := store.NewMessage{RoomID: roomID, AuthorID: userID, Content: "x", ClientMsgID: "x"}
	_, err = post(s, message)
	require.ErrorContains(t, err, "lock timeout")
	require.False(t, store.Refused(err))
	_, err = s.RoomByID(t.Context(), roomID)
	require.NoError(t, err)
	_, err = post(s, store.NewMessage{RoomID: other.ID, AuthorID: userID})
	require.NoError(t, err)
	release()
	stored, err := post(s, message)
	require.NoError(t, err)
	require.EqualValues(t, 1, stored.Seq)
}

// TestDeadlocksAreTriedAgain: somebody else, a report or an operator, locks rooms
// in another order than nodes do.
func TestDeadlocksAreTriedAgain(t *testing.T) {
	dsn := newDatabase(t)
	s := openClosing(t, postgres.Config{DSN: dsn, Connections: 2})
	first, userID := room(t, s, "ann")
	second, err := s.CreateRoom(t.Context(), store.NewRoom{OwnerID: userID})
	require.NoError(t, err)
	ctx := t.Context()
	conn, err := pgx.Connect(ctx, dsn)
	require.NoError(t, err)
	defer func() { _ = conn.Close(context.Background()) }()
	tx, err := conn.Begin(ctx)
	require.NoError(t, err)
	// The other is never the one that is rolled back.
	_, err = tx.Exec(ctx, `SET LOCAL deadlock_timeout = '1min'`)
	require.NoError(t, err)
	_, err = tx.Exec(ctx, `SELECT FROM rooms WHERE id = $1 FOR UPDATE`, second.ID)
	require.NoError(t, err)
	var done sync.WaitGroup
	errs := make(chan error, 2)
	done.Add(2)
	for _, id := range []int64{first, second.ID} {
		s.PostMessage(store.NewMessage{RoomID: id, AuthorID: userID, Content: "x"}, func(_ store.Message, _ bool, err error) {
			errs <- err
			done.Done()
		})
	}
	awaitWaiting(t, dsn)
	_, err = tx.Exec(ctx, `SELECT FROM rooms WHERE id = $1 FOR UPDATE`, first)
	require.NoError(t, err)
	require.NoError(t, tx.Commit(ctx))
	done.Wait()
	require.NoError(t, <-errs)
	require.NoError(t, <-errs)
}

// awaitWaiting waits until a connection of the database waits for a lock.
func awaitWaiting(t *testing.T, dsn string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	require.NoError(t, err)
	defer func() { _ = conn.Close(context.Background()) }()
	require.Eventually(t, func() bool {
		var n int
		err := conn.QueryRow(t.Context(), `SELECT count(*) FROM pg_stat_activity
			WHERE datname = current_database() AND wait_event_type = 'Lock'`).Scan(&n)
		return err == nil && n > 0
	}, 30*time.Second, time.Millisecond)
}

// holdRoom keeps the store from writing in a room until it is released.
func holdRoom(t *testing.T, dsn string, roomID int64) (release func()) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, dsn)
	require.NoError(t, err)
	_, err = conn.Exec(ctx, `BEGIN`)
	require.NoError(t, err)
	_, err = conn.Exec(ctx, `SELECT FROM rooms WHERE id = $1 FOR UPDATE`, roomID)
	require.NoError(t, err)
	return func() {
		_, err := conn.Exec(ctx, `ROLLBACK`)
		require.NoError(t, err)
		require.NoError(t, conn.Close(ctx))
	}
}
