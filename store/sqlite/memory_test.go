package sqlite

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/store"
)

// TestMemoryIsBounded has more authors write than are remembered, and the first
// of them again.
func TestMemoryIsBounded(t *testing.T) {
	ctx := context.Background()
	s, err := Open(ctx, Config{Path: MemoryPath})
	require.NoError(t, err)
	const users = maxMembers + 5*DefaultMaxBatch/2
	_, err = write(ctx, s, 0, func(ctx context.Context, t *tx) (struct{}, error) {
		for _, query := range []string{
			`INSERT INTO users (id, username, username_key, email, email_key, display_name, password_hash, created_at, updated_at)
				WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
				SELECT i, i, i, i, i, i, '', 0, 0 FROM n`,
			`INSERT INTO rooms (id, name, owner_id, private, created_at, updated_at, active_at) VALUES (?, '', 1, 0, 0, 0, 0)`,
			`INSERT INTO participants (room_id, user_id, read_seq, joined_at) SELECT ?, id, 0, 0 FROM users`,
		} {
			if _, err := t.exec(ctx, query, users); err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, nil
	})
	require.NoError(t, err)
	const messages = users + 10
	errs := make(chan error, messages)
	for i := range messages {
		s.PostMessage(store.NewMessage{RoomID: users, AuthorID: int64(i%users) + 1, Content: "x"},
			func(_ store.Message, _ bool, err error) { errs <- err })
	}
	for range messages {
		require.NoError(t, <-errs)
	}
	room, err := s.RoomByID(ctx, users)
	require.NoError(t, err)
	require.EqualValues(t, messages, room.LastSeq)
	require.NoError(t, s.Close())
	remembered := len(s.writer.tx.memory.members)
	require.LessOrEqual(t, remembered, maxMembers+DefaultMaxBatch)
	require.Positive(t, remembered, "who has just written is known")
}
