package sqlite_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/store/sqlite"
)

func TestConfigValidate(t *testing.T) {
	for field, c := range map[string]sqlite.Config{
		"Path":        {},
		"MaxBatch":    {Path: "x", MaxBatch: -1},
		"ReadConns":   {Path: "x", ReadConns: -1},
		"BusyTimeout": {Path: "x", BusyTimeout: -time.Second},
	} {
		require.ErrorContains(t, c.Validate(), field)
		_, err := sqlite.Open(context.Background(), c)
		require.ErrorContains(t, err, field)
	}
	require.NoError(t, sqlite.Config{Path: "x"}.Validate())
	_, err := sqlite.Migrate(context.Background(), "")
	require.ErrorContains(t, err, "Path")
}
