package sqlite_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/store"
	"parley/store/sqlite"
)

func TestMigrate(t *testing.T) {
	ctx := context.Background()
	empty := filepath.Join(t.TempDir(), "empty.db")
	require.NoError(t, os.WriteFile(empty, nil, 0o600))
	for _, path := range []string{filepath.Join(t.TempDir(), "new", "parley.db"), empty} {
		applied, err := sqlite.Migrate(ctx, path)
		require.NoError(t, err)
		require.Equal(t, []string{"00001_initial.sql", "00002_missed_calls.sql"}, applied)
		applied, err = sqlite.Migrate(ctx, path)
		require.NoError(t, err)
		require.Empty(t, applied)
		s := open(t, sqlite.Config{Path: path})
		mustRoom(t, s, "ann")
		require.NoError(t, s.Close())

		_, err = sqlite.Migrate(ctx, path)
		require.NoError(t, err)
		s = open(t, sqlite.Config{Path: path})
		_, err = s.UserByName(ctx, "ann")
		require.NoError(t, err, "migrating again lost data")
		require.NoError(t, s.Close())
	}
}

func TestMigrateRefusesANewerSchema(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "parley.db")
	_, err := sqlite.Migrate(ctx, path)
	require.NoError(t, err)
	tamper(t, path, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`)
	_, err = sqlite.Migrate(ctx, path)
	require.ErrorIs(t, err, store.ErrSchemaTooNew)
	require.ErrorContains(t, err, "9999")
	_, err = sqlite.Open(ctx, sqlite.Config{Path: path})
	require.ErrorIs(t, err, store.ErrSchemaTooNew)
	require.ErrorContains(t, err, path)
}

func TestMigrateRefusesAForeignDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "books.db")
	tamper(t, path, `CREATE TABLE users (id INTEGER PRIMARY KEY)`)
	_, err := sqlite.Migrate(context.Background(), path)
	require.ErrorIs(t, err, store.ErrForeign)
	require.ErrorContains(t, err, path)
	_, err = sqlite.Open(context.Background(), sqlite.Config{Path: path})
	require.ErrorIs(t, err, store.ErrForeign)
}

func TestMigrateWhileAnotherHoldsTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "parley.db")
	_, err := sqlite.Migrate(context.Background(), path)
	require.NoError(t, err)
	s := openClosing(t, sqlite.Config{Path: path})
	applied, err := sqlite.Migrate(context.Background(), path)
	require.NoError(t, err, "a current schema needs no lock")
	require.Empty(t, applied)
	mustRoom(t, s, "ann")
}

// tamper changes a database behind the store's back.
func tamper(t *testing.T, path, query string) {
	t.Helper()
	db := raw(t, path)
	_, err := db.ExecContext(context.Background(), query)
	require.NoError(t, err)
	require.NoError(t, db.Close())
}

// raw opens a database as any other program would. The store's own import
// registers the driver.
func raw(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(10000)")
	require.NoError(t, err)
	return db
}
