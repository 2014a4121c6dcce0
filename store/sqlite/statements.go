package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"sync"

	"parley/store"
)

// scanner is one row of a result: *sql.Rows.
type scanner interface {
	Scan(dest ...any) error
}

// querier runs a query and hands over its rows one by one. The writer's
// transaction and the reading pool are one each.
type querier interface {
	query(ctx context.Context, query string, args []any, row func(scanner) error) error
}

// preparer is a *sql.DB or a *sql.Conn.
type preparer interface {
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
}

// statements prepares each query once. The number of queries is fixed, so
// nothing is ever dropped.
type statements struct {
	on preparer

	mu       sync.Mutex
	prepared map[string]*sql.Stmt // guarded by mu
}

func newStatements(on preparer) *statements {
	return &statements{on: on, prepared: make(map[string]*sql.Stmt)}
}

func (s *statements) get(ctx context.Context, query string) (*sql.Stmt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if stmt, ok := s.prepared[query]; ok {
		return stmt, nil
	}
	stmt, err := s.on.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	s.prepared[query] = stmt
	return stmt, nil
}

// close must come before that of the connection: SQLite keeps a connection
// with statements open.
func (s *statements) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for _, stmt := range s.prepared {
		errs = append(errs, stmt.Close())
	}
	return errors.Join(errs...)
}

func (s *statements) exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	stmt, err := s.get(ctx, query)
	if err != nil {
		return nil, err
	}
	return stmt.ExecContext(ctx, args...)
}

func (s *statements) query(ctx context.Context, query string, args []any, row func(scanner) error) error {
	stmt, err := s.get(ctx, query)
	if err != nil {
		return err
	}
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	for rows.Next() {
		if err := row(rows); err != nil {
			return errors.Join(err, rows.Close())
		}
	}
	return errors.Join(rows.Err(), rows.Close())
}

// one reads the only row of a result: store.ErrNotFound if there is none.
func one[T any](ctx context.Context, q querier, scan func(scanner) (T, error), query string, args ...any) (T, error) {
	var value T
	found := false
	err := q.query(ctx, query, args, func(row scanner) (err error) {
		value, err = scan(row)
		found = true
		return err
	})
	if err == nil && !found {
		err = store.ErrNotFound
	}
	return value, err
}

// many reads all rows of a result.
func many[T any](ctx context.Context, q querier, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	var values []T
	err := q.query(ctx, query, args, func(row scanner) error {
		value, err := scan(row)
		values = append(values, value)
		return err
	})
	if err != nil {
		return nil, err
	}
	return values, nil
}

func scanInt(row scanner) (n int64, err error) {
	err = row.Scan(&n)
	return n, err
}
