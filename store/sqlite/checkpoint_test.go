package sqlite_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/store"
	"parley/store/sqlite"
)

// TestWALIsFoldedMeanwhile writes 64 MiB: the WAL must not hold it all, and the
// file must have most of it before Close.
func TestWALIsFoldedMeanwhile(t *testing.T) {
	const messages, size, mebi = 4096, 16 << 10, 1 << 20
	path := filepath.Join(t.TempDir(), "parley.db")
	s := openClosing(t, sqlite.Config{Path: path})
	roomID, userID := mustRoom(t, s, "ann")
	m := store.NewMessage{RoomID: roomID, AuthorID: userID, Content: strings.Repeat("x", size)}
	const outstanding = 256 // 4 MiB a batch
	errs := make(chan error, outstanding)
	for i := range messages {
		if i >= outstanding {
			require.NoError(t, <-errs)
		}
		s.PostMessage(m, func(_ store.Message, _ bool, err error) { errs <- err })
	}
	for range outstanding {
		require.NoError(t, <-errs)
	}
	require.Less(t, sizeOf(t, path+"-wal"), int64(32*mebi))
	require.Greater(t, sizeOf(t, path), int64(32*mebi))
}

func sizeOf(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	require.NoError(t, err)
	return info.Size()
}
