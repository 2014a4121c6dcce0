package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/store"
	"parley/store/sqlite"
	"parley/store/storetest"
)

func BenchmarkPostMessage(b *testing.B) {
	storetest.BenchmarkPostMessage(b, func(b *testing.B) store.Store {
		s, err := sqlite.Open(b.Context(), sqlite.Config{Path: filepath.Join(b.TempDir(), "bench.db")})
		require.NoError(b, err)
		return s
	})
}
