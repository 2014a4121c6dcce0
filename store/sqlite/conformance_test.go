package sqlite_test

import (
	"path/filepath"
	"testing"

	"parley/store"
	"parley/store/sqlite"
	"parley/store/storetest"
)

func TestConformanceFile(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store {
		return open(t, sqlite.Config{Path: filepath.Join(t.TempDir(), "parley.db")})
	})
}

// TestConformanceSmallBatches makes every boundary between batches matter. The
// suite in memory with batches of the usual size: TestEveryQueryHasItsIndex.
func TestConformanceSmallBatches(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store {
		return open(t, sqlite.Config{Path: sqlite.MemoryPath, MaxBatch: 7, ReadConns: 1})
	})
}
