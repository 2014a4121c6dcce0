package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/store"
	"parley/store/sqlite"
)

// TestOtherProcessIsNoticed changes the file between messages as the sqlite3
// shell would: the next message goes by what is there then.
func TestOtherProcessIsNoticed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "parley.db")
	s := openClosing(t, sqlite.Config{Path: path})
	roomID, userID := mustRoom(t, s, "ann")
	say := store.NewMessage{RoomID: roomID, AuthorID: userID, Content: "x"}
	mustPost := func() store.Message {
		t.Helper()
		m, err := post(s, say)
		require.NoError(t, err)
		return m
	}
	require.EqualValues(t, 1, mustPost().Seq)

	tamper(t, path, `UPDATE users SET display_name = 'Renamed'`)
	require.Equal(t, "Renamed", mustPost().Author.DisplayName)

	tamper(t, path, `INSERT INTO messages (room_id, seq, author_id, content, created_at)
		SELECT room_id, 3, author_id, 'theirs', created_at FROM messages WHERE seq = 1;
		UPDATE rooms SET last_seq = 3`)
	m := mustPost()
	require.EqualValues(t, 4, m.Seq)
	require.EqualValues(t, 4, m.ID)

	tamper(t, path, `DELETE FROM participants`)
	_, err := post(s, say)
	require.ErrorIs(t, err, store.ErrNotParticipant)
	tamper(t, path, `PRAGMA foreign_keys = ON; DELETE FROM rooms`)
	_, err = post(s, say)
	require.ErrorIs(t, err, store.ErrNotFound)
}
