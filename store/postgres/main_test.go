package postgres_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"parley/internal/servers"
	"parley/store"
	"parley/store/postgres"
)

// shared is the server of all tests but those that stop theirs. Its database
// "migrated" has the schema and no data.
var shared *servers.PostgresServer

const migrated = "migrated"

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(servers.Main(m, func(tb servers.TB) {
		shared = servers.Postgres(tb)
		if err := makeTemplate(shared); err != nil {
			tb.Fatalf("template: %v", err)
		}
	}))
}

func makeTemplate(server *servers.PostgresServer) error {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, server.URL("postgres"))
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, `CREATE DATABASE `+migrated)
	if err := errors.Join(err, conn.Close(ctx)); err != nil {
		return err
	}
	_, err = postgres.Migrate(ctx, server.URL(migrated))
	return err
}

// newDatabase makes a database with the schema, on the shared server.
func newDatabase(tb testing.TB) (dsn string) {
	tb.Helper()
	return shared.DatabaseLike(tb, migrated)
}

func open(tb testing.TB, c postgres.Config) *postgres.Store {
	tb.Helper()
	s, err := postgres.Open(context.Background(), c)
	require.NoError(tb, err)
	return s
}

// openClosing also closes the store at the test's end.
func openClosing(tb testing.TB, c postgres.Config) *postgres.Store {
	tb.Helper()
	s := open(tb, c)
	tb.Cleanup(func() { require.NoError(tb, s.Close()) })
	return s
}

// room makes a user who owns a room, both called name.
func room(tb testing.TB, s *postgres.Store, name string) (roomID, userID int64) {
	tb.Helper()
	ctx := context.Background()
	token, err := s.CreateUser(ctx, store.NewUser{Username: name, Email: name, TokenHash: store.Hash{name[0]}})
	require.NoError(tb, err)
	r, err := s.CreateRoom(ctx, store.NewRoom{Name: name, OwnerID: token.User.ID})
	require.NoError(tb, err)
	return r.ID, token.User.ID
}

// post stores a message and waits for it.
func post(s *postgres.Store, m store.NewMessage) (store.Message, error) {
	type answer struct {
		m   store.Message
		err error
	}
	answers := make(chan answer, 1)
	s.PostMessage(m, func(m store.Message, _ bool, err error) { answers <- answer{m, err} })
	select {
	case a := <-answers:
		return a.m, a.err
	case <-time.After(30 * time.Second):
		return store.Message{}, errors.New("done was not called")
	}
}

// tamper changes a database behind the store's back.
func tamper(tb testing.TB, dsn, sql string, args ...any) {
	tb.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, dsn)
	require.NoError(tb, err)
	_, err = conn.Exec(ctx, sql, args...)
	require.NoError(tb, errors.Join(err, conn.Close(ctx)))
}

// nameOf is a database's name.
func nameOf(dsn string) string {
	c, err := pgx.ParseConfig(dsn)
	if err != nil {
		return err.Error()
	}
	return c.Database
}
