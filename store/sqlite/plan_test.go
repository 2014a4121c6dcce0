package sqlite

import (
	"context"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/store"
	"parley/store/storetest"
)

// TestEveryQueryHasItsIndex asks SQLite for the plan of every statement that
// the conformance suite makes the store prepare.
func TestEveryQueryHasItsIndex(t *testing.T) {
	ctx := context.Background()
	queries := make(map[string]bool)
	storetest.Run(t, func(t *testing.T) store.Store {
		s, err := Open(ctx, Config{Path: MemoryPath})
		require.NoError(t, err)
		t.Cleanup(func() { // after the suite has closed the store
			for _, st := range []*statements{s.reader.statements, s.writer.tx.statements} {
				for query := range maps.Keys(st.prepared) {
					queries[query] = true
				}
			}
		})
		return s
	})
	s, err := Open(ctx, Config{Path: filepath.Join(t.TempDir(), "parley.db")})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	for query := range queries {
		steps := plan(t, s, query)
		for _, step := range steps {
			if strings.HasPrefix(step, "SCAN") && !allowed(step, steps) {
				require.Fail(t, "a query without an index", "%s\n%s", step, query)
			}
		}
	}
	require.Greater(t, len(queries), 40)
}

// allowed scans: of values, of a list that is an argument, of SQLite's table of counters (a row per table),
// and of a page that the same plan has cut before.
func allowed(step string, steps []string) bool {
	page := slices.Contains(steps, "CO-ROUTINE p") || slices.Contains(steps, "MATERIALIZE p")
	return step == "SCAN CONSTANT ROW" || strings.HasSuffix(step, "VALUES CLAUSE") ||
		strings.HasPrefix(step, "SCAN json_each VIRTUAL TABLE") ||
		step == "SCAN sqlite_sequence" || step == "SCAN p" && page
}

func plan(t *testing.T, s *Store, query string) (steps []string) {
	t.Helper()
	values := make([]any, strings.Count(query, "?")) // NULLs
	rows, err := s.reader.db.QueryContext(context.Background(), `EXPLAIN QUERY PLAN `+query, values...)
	require.NoError(t, err, query)
	for rows.Next() {
		var id, parent, unused int
		var step string
		require.NoError(t, rows.Scan(&id, &parent, &unused, &step))
		steps = append(steps, step)
	}
	require.NoError(t, rows.Err())
	require.NoError(t, rows.Close())
	return steps
}
