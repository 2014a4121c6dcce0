package servers_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"parley/internal/servers"
)

func TestPostgresKeepsItsDataThroughItsEnds(t *testing.T) {
	s := servers.Postgres(t)
	url := s.Database(t)
	run(t, url, `CREATE TABLE notes (id int)`)
	for name, end := range map[string]func(){"stop": s.Stop, "kill": s.Kill} {
		run(t, url, `INSERT INTO notes VALUES (1)`)
		end()
		_, err := pgx.Connect(t.Context(), url)
		require.Error(t, err, name)
		s.Start()
	}
	require.Equal(t, 2, count(t, url, `SELECT count(*) FROM notes`))
	require.Zero(t, count(t, s.Database(t), `SELECT count(*) FROM pg_tables WHERE tablename = 'notes'`), "databases are apart")
}

func TestPostgresPausedDoesNotAnswer(t *testing.T) {
	s := servers.Postgres(t, "max_connections=7")
	require.Equal(t, 7, count(t, s.URL("postgres"), `SELECT setting::int FROM pg_settings WHERE name = 'max_connections'`))
	s.Pause()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := pgx.Connect(ctx, s.URL("postgres"))
	require.Error(t, err)
	s.Resume()
	run(t, s.URL("postgres"), `SELECT 1`)
}

func run(t *testing.T, url, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer func() { _ = conn.Close(context.Background()) }()
	_, err = conn.Exec(t.Context(), sql)
	require.NoError(t, err)
}

func count(t *testing.T, url, sql string) (n int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer func() { _ = conn.Close(context.Background()) }()
	require.NoError(t, conn.QueryRow(t.Context(), sql).Scan(&n))
	return n
}
