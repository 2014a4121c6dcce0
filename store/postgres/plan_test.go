package postgres_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"parley/store"
	"parley/store/postgres"
	"parley/store/storetest"
)

// TestEveryQueryHasItsIndex asks PostgreSQL for the plan of every statement that
// the conformance suite makes the store prepare. The tables are empty: a plan
// must not go by that.
func TestEveryQueryHasItsIndex(t *testing.T) {
	seen := &prepared{types: make(map[string]string)}
	storetest.Run(t, func(t *testing.T) store.Store {
		return watched{open(t, postgres.Config{DSN: newDatabase(t)}), seen}
	})
	require.Greater(t, len(seen.types), 40)
	s := openClosing(t, postgres.Config{DSN: newDatabase(t)})
	conn, err := s.Pools()[0].Acquire(t.Context())
	require.NoError(t, err)
	defer conn.Release()
	used := make(map[string]bool)
	for sql, types := range seen.types {
		for _, n := range explain(t, conn.Conn(), sql, types).all() {
			require.NotEqual(t, "Seq Scan", n.Type, "of %s, in\n%s", n.Relation, sql)
			require.NotContains(t, n.Type, "Hash Join", sql)
			used[n.Index] = true
			if strings.HasPrefix(n.Type, "Index") && !wholeTable(sql) {
				require.NotEmpty(t, n.Condition, "all of %s is read, in\n%s", n.Index, sql)
			}
		}
	}
	for _, index := range []string{
		"messages_seq", "messages_by_client_msg_id", "messages_by_change", "participants_in_order", "participants_by_user",
		"missed_calls_by_user", "missed_calls_untold", "tickets_by_expiry", "users_username_taken", "users_email_taken",
	} {
		require.True(t, used[index], "no statement uses %s: it is not worth its upkeep, or a statement does without", index)
	}
}

// wholeTable tells the statements that read all of a table, which is a list of
// things to do.
func wholeTable(sql string) bool { return strings.Contains(sql, "FROM deleted_rooms ORDER BY") }

// prepared is the statements of all connections of all stores.
type prepared struct {
	mu    sync.Mutex
	types map[string]string // of the arguments, by statement
}

// watched notes before it is closed what its connections have prepared.
type watched struct {
	*postgres.Store
	seen *prepared
}

func (w watched) Close() error {
	for _, p := range w.Pools() {
		for _, conn := range p.AcquireAllIdle(context.Background()) {
			rows, _ := conn.Query(context.Background(),
				`SELECT statement, parameter_types::text[] FROM pg_prepared_statements`, pgx.QueryExecModeExec)
			var sql string
			var types []string
			_, _ = pgx.ForEachRow(rows, []any{&sql, &types}, func() error {
				w.seen.mu.Lock()
				defer w.seen.mu.Unlock()
				w.seen.types[sql] = strings.Join(types, ", ")
				return nil
			})
			conn.Release()
		}
	}
	return w.Store.Close()
}

// node is a step of a plan.
type node struct {
	Type      string `json:"Node Type"`
	Relation  string `json:"Relation Name"`
	Index     string `json:"Index Name"`
	Condition string `json:"Index Cond"`
	Plans     []node `json:"Plans"`
}

func (n node) all() []node {
	list := []node{n}
	for _, p := range n.Plans {
		list = append(list, p.all()...)
	}
	return list
}

func explain(t *testing.T, conn *pgx.Conn, sql, types string) node {
	t.Helper()
	ctx := context.Background()
	args := ""
	if types != "" {
		args = "(NULL" + strings.Repeat(", NULL", strings.Count(types, ",")) + ")"
		types = "(" + types + ")"
	}
	_, err := conn.PgConn().Exec(ctx, fmt.Sprintf("PREPARE explained %s AS %s", types, sql)).ReadAll()
	require.NoError(t, err, sql)
	results, err := conn.PgConn().Exec(ctx, "EXPLAIN (FORMAT JSON) EXECUTE explained "+args).ReadAll()
	require.NoError(t, err, sql)
	_, err = conn.PgConn().Exec(ctx, "DEALLOCATE explained").ReadAll()
	require.NoError(t, err)
	var plans []struct{ Plan node }
	require.NoError(t, json.Unmarshal(results[0].Rows[0][0], &plans))
	return plans[0].Plan
}
