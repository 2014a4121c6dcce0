package postgres

import (
	"context"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// pool is the connections for reads, and for writes that belong to no room.
type pool struct {
	conns   *pgxpool.Pool
	timeout time.Duration // for one statement, the wait for a connection included
}

// collect runs one statement, again while another transaction is in its way, and on
// a new connection where the server had ended the one that it was given: then it was
// not carried out, and no idle connection is worth trying.
func collect[T any](
	ctx context.Context, p *pool, take func(pgx.Rows) (T, error), sql string, args ...any,
) (value T, err error) {
	bounded, cancel := context.WithTimeout(ctx, p.timeout)
	defer cancel()
	for range maxAttempts {
		value, err = attempt(bounded, p, take, sql, args...)
		ended := codeOf(err) == adminShutdown
		if ended {
			p.conns.Reset()
		}
		if !ended && !again(err) {
			break
		}
	}
	return value, failed(ctx, "query", err)
}

func attempt[T any](
	ctx context.Context, p *pool, take func(pgx.Rows) (T, error), sql string, args ...any,
) (value T, err error) {
	conn, err := p.conns.Acquire(ctx)
	if err != nil {
		return value, err
	}
	defer conn.Release()
	rows, err := conn.Query(ctx, sql, args...)
	if err != nil {
		return value, err
	}
	value, err = take(rows)
	rows.Close()
	if err == nil {
		err = rows.Err()
	}
	leave(ctx, conn.Conn(), err)
	return value, err
}

// leave closes a connection to a server that has become a standby: its place is
// taken by one to the server that writes.
func leave(ctx context.Context, conn *pgx.Conn, err error) {
	if codeOf(err) == readOnlyTransaction {
		_ = conn.Close(ctx)
	}
}

// one reads the only row of a result: store.ErrNotFound if there is none.
func one[T any](ctx context.Context, p *pool, scan pgx.RowToFunc[T], sql string, args ...any) (T, error) {
	return collect(ctx, p, func(rows pgx.Rows) (T, error) { return pgx.CollectOneRow(rows, scan) }, sql, args...)
}

// many reads all rows of a result.
func many[T any](ctx context.Context, p *pool, scan pgx.RowToFunc[T], sql string, args ...any) ([]T, error) {
	values, err := collect(ctx, p, func(rows pgx.Rows) ([]T, error) { return pgx.CollectRows(rows, scan) }, sql, args...)
	if err != nil || len(values) == 0 {
		return nil, err
	}
	return values, nil
}

// exec runs a statement without a result.
func exec(ctx context.Context, p *pool, sql string, args ...any) error {
	_, err := many(ctx, p, scanInt, sql, args...)
	return err
}

func scanInt(row pgx.CollectableRow) (n int64, err error) {
	err = row.Scan(&n)
	return n, err
}

// storable tells text that PostgreSQL takes. Nobody has a name of another kind.
func storable(s string) bool {
	for i := range len(s) {
		if s[i] == 0 {
			return false
		}
	}
	return utf8.ValidString(s)
}
