package app_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/app"
	"parley/internal/servers"
)

// TestNodesOnPostgres has two nodes migrate and use one database at once.
func TestNodesOnPostgres(t *testing.T) {
	server := servers.Postgres(t)
	cfg := config(t)
	cfg.Store.DSN = server.Database(t)
	applied, err := app.Migrate(t.Context(), cfg)
	require.NoError(t, err)
	require.Equal(t, []string{"00001_initial.sql"}, applied)
	applied, err = app.Migrate(t.Context(), cfg)
	require.NoError(t, err)
	require.Empty(t, applied)
	for range 2 {
		a, err := build(t, cfg)
		require.NoError(t, err)
		require.NoError(t, a.Start(t.Context()))
		defer stop(t, a)
	}
}
