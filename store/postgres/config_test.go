package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/store"
	"parley/store/postgres"
)

func TestConfigValidate(t *testing.T) {
	for field, c := range map[string]postgres.Config{
		"DSN":               {},
		"Connections is -1": {DSN: "x", Connections: -1},
		"Connections is 1":  {DSN: "x", Connections: 1},
		"MaxBatch":          {DSN: "x", MaxBatch: -1},
		"Timeout":           {DSN: "x", Timeout: -time.Second},
	} {
		require.ErrorContains(t, c.Validate(), field)
		_, err := postgres.Open(t.Context(), c)
		require.ErrorContains(t, err, field)
	}
	require.NoError(t, postgres.Config{DSN: "x"}.Validate())
}

// TestConnectionsAreBounded, and share the work: a quarter writes.
func TestConnectionsAreBounded(t *testing.T) {
	for all, writing := range map[int]int32{2: 1, 7: 1, 8: 2, 16: 4, 100: 4} {
		s := openClosing(t, postgres.Config{DSN: newDatabase(t), Connections: all})
		pools := s.Pools()
		require.Equal(t, writing, pools[0].Config().MaxConns, "of %d", all)
		require.Equal(t, int32(all)-writing, pools[1].Config().MaxConns, "of %d", all)
	}
}

// TestConnectionsAreDurable whatever the role or the server says.
func TestConnectionsAreDurable(t *testing.T) {
	dsn := newDatabase(t)
	for is, want := range map[string]string{"off": "on", "local": "local"} {
		tamper(t, dsn, `ALTER DATABASE `+nameOf(dsn)+` SET synchronous_commit = `+is)
		s := openClosing(t, postgres.Config{DSN: dsn})
		for _, p := range s.Pools() {
			var got string
			require.NoError(t, p.QueryRow(t.Context(), `SHOW synchronous_commit`).Scan(&got))
			require.Equal(t, want, got)
		}
	}
}

// TestDSNHasTheLastWord on settings of the connection.
func TestDSNHasTheLastWord(t *testing.T) {
	s := openClosing(t, postgres.Config{DSN: newDatabase(t) + "&lock_timeout=123"})
	for name, want := range map[string]string{"lock_timeout": "123ms", "statement_timeout": "10s", "jit": "off"} {
		var got string
		require.NoError(t, s.Pools()[0].QueryRow(t.Context(), `SELECT current_setting($1)`, name).Scan(&got))
		require.Equal(t, want, got)
	}
}

func TestNobodyHasANameThatCannotBeStored(t *testing.T) {
	s := openClosing(t, postgres.Config{DSN: newDatabase(t)})
	for _, name := range []string{"\x00", "a\x00b", "\xff"} {
		_, err := s.UserByName(t.Context(), name)
		require.ErrorIs(t, err, store.ErrNotFound)
		_, err = s.UserByEmail(t.Context(), name)
		require.ErrorIs(t, err, store.ErrNotFound)
	}
}
