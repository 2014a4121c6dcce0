package postgres_test

import (
	"testing"

	"parley/store"
	"parley/store/postgres"
	"parley/store/storetest"
)

// TestConformanceSmallBatches makes every boundary between groups matter, with
// one writer and one connection for all else. The suite with the usual ones:
// TestEveryQueryHasItsIndex.
func TestConformanceSmallBatches(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store {
		return open(t, postgres.Config{DSN: newDatabase(t), MaxBatch: 7, Connections: 2})
	})
}

func TestConformanceShared(t *testing.T) {
	storetest.RunShared(t, func(t *testing.T, stores int) (all []store.Store) {
		dsn := newDatabase(t)
		for range stores {
			all = append(all, open(t, postgres.Config{DSN: dsn, Connections: 12}))
		}
		return all
	})
}
