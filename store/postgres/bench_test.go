package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/servers"
	"parley/store"
	"parley/store/postgres"
	"parley/store/storetest"
)

// The server flushes to disk.
func BenchmarkPostMessage(b *testing.B) {
	server := servers.Postgres(b, "fsync=on", "shared_buffers=256MB")
	require.NoError(b, makeTemplate(server))
	storetest.BenchmarkPostMessage(b, func(b *testing.B) store.Store {
		s, err := postgres.Open(b.Context(), postgres.Config{DSN: server.DatabaseLike(b, migrated)})
		require.NoError(b, err)
		return s
	})
}
