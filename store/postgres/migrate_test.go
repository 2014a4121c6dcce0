package postgres_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/store"
	"parley/store/postgres"
)

// TestMigrateByThreeAtOnce: one does the work, all succeed.
func TestMigrateByThreeAtOnce(t *testing.T) {
	dsn := shared.Database(t)
	const nodes = 3
	results, errs := make(chan []string, nodes), make(chan error, nodes)
	var wg sync.WaitGroup
	for range nodes {
		wg.Go(func() {
			applied, err := postgres.Migrate(context.Background(), dsn)
			results <- applied
			errs <- err
		})
	}
	wg.Wait()
	var applied []string
	for range nodes {
		require.NoError(t, <-errs)
		applied = append(applied, <-results...)
	}
	require.Equal(t, []string{"00001_initial.sql"}, applied)
	s := openClosing(t, postgres.Config{DSN: dsn})
	room(t, s, "ann")
	again, err := postgres.Migrate(t.Context(), dsn)
	require.NoError(t, err, "a store that is open is no hindrance")
	require.Empty(t, again)
	_, err = s.UserByName(t.Context(), "ann")
	require.NoError(t, err, "migrating again lost data")
}

func TestMigrateRefusesANewerSchema(t *testing.T) {
	dsn := newDatabase(t)
	tamper(t, dsn, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)`)
	_, err := postgres.Migrate(t.Context(), dsn)
	require.ErrorIs(t, err, store.ErrSchemaTooNew)
	require.ErrorContains(t, err, "9999")
	require.ErrorContains(t, err, nameOf(dsn))
	_, err = postgres.Open(t.Context(), postgres.Config{DSN: dsn})
	require.ErrorIs(t, err, store.ErrSchemaTooNew)
}

func TestMigrateRefusesAForeignDatabase(t *testing.T) {
	dsn := shared.Database(t)
	tamper(t, dsn, `CREATE TABLE books (id int)`)
	_, err := postgres.Migrate(t.Context(), dsn)
	require.ErrorIs(t, err, store.ErrForeign)
	_, err = postgres.Open(t.Context(), postgres.Config{DSN: dsn})
	require.ErrorIs(t, err, store.ErrForeign)
	require.ErrorContains(t, err, nameOf(dsn))
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	tamper(t, shared.URL("postgres"), `CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0`)
	for dsn, want := range map[string]string{
		shared.URL("latin"):                                         "encoding is LATIN1",
		shared.URL("nobody"):                                        `database "nobody" does not exist`,
		"postgres://ann:hunter2@127.0.0.1:1/parley":                 "refused",
		"postgres://ann:hunter2@127.0.0.1:1/parley?sslmode=perhaps": "sslmode",
		"": "DSN",
	} {
		_, err := postgres.Open(t.Context(), postgres.Config{DSN: dsn})
		require.ErrorContains(t, err, want)
		require.NotContains(t, err.Error(), "hunter2")
		require.NotContains(t, err.Error(), "\n")
		_, err = postgres.Migrate(t.Context(), dsn)
		require.ErrorContains(t, err, want)
	}
}

// TestReopenKeepsEverything, and what a node has stored is there for the next.
func TestReopenKeepsEverything(t *testing.T) {
	dsn := newDatabase(t)
	s := open(t, postgres.Config{DSN: dsn})
	roomID, userID := room(t, s, "ann")
	m, err := post(s, store.NewMessage{RoomID: roomID, AuthorID: userID, Content: "x", ClientMsgID: "x"})
	require.NoError(t, err)
	require.NoError(t, s.Close())
	s = openClosing(t, postgres.Config{DSN: strings.Replace(dsn, "postgres://", "postgresql://", 1)})
	got, err := s.MessageByID(t.Context(), roomID, m.ID)
	require.NoError(t, err)
	require.Equal(t, m, got)
}
