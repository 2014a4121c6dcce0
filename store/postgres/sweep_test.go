package postgres_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"parley/store"
	"parley/store/postgres"
)

// TestMessagesOfADeletedRoomAreRemoved, in the end and all of them, more than go
// at once; those of others stay.
func TestMessagesOfADeletedRoomAreRemoved(t *testing.T) {
	dsn := newDatabase(t)
	s := openClosing(t, postgres.Config{DSN: dsn})
	roomID, userID := room(t, s, "ann")
	kept, err := s.CreateRoom(t.Context(), store.NewRoom{OwnerID: userID})
	require.NoError(t, err)
	_, err = post(s, store.NewMessage{RoomID: kept.ID, AuthorID: userID})
	require.NoError(t, err)
	fill(t, dsn, roomID, userID, 12_000)
	require.NoError(t, s.DeleteRoom(t.Context(), roomID))
	awaitSwept(t, dsn)
}

// TestSweepIsTakenUp by the next store, when the one that deleted the room has
// come to its end before.
func TestSweepIsTakenUp(t *testing.T) {
	dsn := newDatabase(t)
	tamper(t, dsn, `INSERT INTO deleted_rooms VALUES (77)`)
	fill(t, dsn, 77, 1, 10)
	fill(t, dsn, 78, 1, 1)
	openClosing(t, postgres.Config{DSN: dsn})
	awaitSwept(t, dsn)
}

// fill stores messages behind the store's back.
func fill(t *testing.T, dsn string, roomID, userID int64, n int) {
	t.Helper()
	tamper(t, dsn, `INSERT INTO messages (room_id, seq, author_id, content, created_at)
		SELECT $1, i, $2, '', 1 FROM generate_series(1, $3::int) i`, roomID, userID, n)
}

// awaitSwept waits until nothing is left to do; one message of another room is.
func awaitSwept(t *testing.T, dsn string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	require.NoError(t, err)
	defer func() { _ = conn.Close(context.Background()) }()
	var deleted, messages int
	require.Eventually(t, func() bool {
		err := conn.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM deleted_rooms), (SELECT count(*) FROM messages)`).
			Scan(&deleted, &messages)
		return err == nil && deleted == 0
	}, 30*time.Second, 5*time.Millisecond)
	require.Equal(t, 1, messages)
}
