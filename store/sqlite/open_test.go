package sqlite_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/store"
	"parley/store/sqlite"
)

func TestOpenCreatesTheFolderAndAPrivateFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "b", "parley.db")
	openClosing(t, sqlite.Config{Path: path})
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o600), info.Mode().Perm())
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	for _, e := range entries {
		require.Contains(t, []string{"parley.db", "parley.db-wal", "parley.db-shm"}, e.Name())
	}
}

func TestOpenTakesAnyFileName(t *testing.T) {
	for _, name := range []string{"a b", "what?.db", "50%41.db", "#1&x=y", "файл.db", "vfs=memdb", "C:x"} {
		path := filepath.Join(t.TempDir(), name)
		s := open(t, sqlite.Config{Path: path})
		mustRoom(t, s, "ann")
		require.NoError(t, s.Close())
		require.FileExists(t, path)
		s = open(t, sqlite.Config{Path: path})
		_, err := s.UserByName(context.Background(), "ann")
		require.NoError(t, err, name)
		require.NoError(t, s.Close())
	}
}

func TestOpenRelativePath(t *testing.T) {
	t.Chdir(t.TempDir())
	openClosing(t, sqlite.Config{Path: "data/parley.db"})
	require.FileExists(t, "data/parley.db")
}

func TestMemoryStoresAreApart(t *testing.T) {
	a, b := openClosing(t, sqlite.Config{Path: sqlite.MemoryPath}), openClosing(t, sqlite.Config{Path: sqlite.MemoryPath})
	mustRoom(t, a, "ann")
	_, err := b.UserByName(context.Background(), "ann")
	require.ErrorIs(t, err, store.ErrNotFound)
	require.NoFileExists(t, sqlite.MemoryPath)
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, []byte("This is a text, and no database at all.\n"), 0o600))
	for _, c := range []struct{ path, want string }{
		{filepath.Join(file, "parley.db"), "cannot make the folder"},
		{dir, "is a folder"},
		{file, "is not a SQLite database"},
		{"/proc/parley.db", "not writable"},
	} {
		_, err := sqlite.Open(context.Background(), sqlite.Config{Path: c.path})
		require.ErrorContains(t, err, c.want)
		require.ErrorContains(t, err, filepath.Dir(c.path))
		_, err = sqlite.Migrate(context.Background(), c.path)
		require.ErrorContains(t, err, c.want)
	}
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, "This is a text, and no database at all.\n", string(content), "a foreign file was changed")
}

// TestOpenDamagedFile overwrites the pages after the first, as a bad disk
// would.
func TestOpenDamagedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "parley.db")
	s := open(t, sqlite.Config{Path: path})
	mustRoom(t, s, "ann")
	require.NoError(t, s.Close())
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	for i := 4096; i < len(content); i++ {
		content[i] = 0xaa
	}
	require.NoError(t, os.WriteFile(path, content, 0o600))
	_, err = sqlite.Open(context.Background(), sqlite.Config{Path: path})
	require.ErrorContains(t, err, "is a damaged SQLite database")
}

func TestOpenContextDone(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := sqlite.Open(ctx, sqlite.Config{Path: filepath.Join(t.TempDir(), "parley.db")})
	require.ErrorIs(t, err, context.Canceled)
}
