package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// single is an op with a statement of its own, whose answer has a T.
type single[T any] struct {
	// Static after construction.
	of   int64 // the room
	sql  string
	args []any
	dest func(*T) []any // where the columns after the answer go
	done func(T, error)

	// Owned by the writer, set anew by each run.
	value   T
	refusal error
}

func (o *single[T]) room() int64          { return o.of }
func (o *single[T]) share(statement) bool { return false }
func (o *single[T]) statement() statement { return o }

func (o *single[T]) queue(b *pgx.Batch) {
	b.Queue(o.sql, o.args...).Query(func(rows pgx.Rows) error {
		return answers(rows, 1, func(_ int, row pgx.CollectableRow) (err error) {
			var value T
			o.refusal, err = scanAnswer(row, o.dest(&value)...)
			o.value = value
			return err
		})
	})
}

func (o *single[T]) finish(failure error) {
	var none T
	switch {
	case failure != nil:
		o.done(none, failure)
	case o.refusal != nil:
		o.done(none, o.refusal)
	default:
		o.done(o.value, nil)
	}
}

// write queues a write of a room with a statement of its own and waits for it.
// What it answers crosses to the caller in a channel, since a caller whose
// context is done is gone when it does.
func write[T any](ctx context.Context, s *Store, room int64, dest func(*T) []any, sql string, args ...any) (T, error) {
	type result struct {
		value T
		err   error
	}
	var none T
	if err := ctx.Err(); err != nil {
		return none, err
	}
	results := make(chan result, 1)
	s.enqueue(&single[T]{of: room, sql: sql, args: args, dest: dest, done: func(value T, err error) {
		results <- result{value, err}
	}})
	select {
	case r := <-results:
		return r.value, r.err
	case <-ctx.Done():
		return none, ctx.Err()
	}
}

// itself is the dest of a T that is one column.
func itself[T any](value *T) []any { return []any{value} }

// nothing is the dest of a write that answers no more than that it was done.
func nothing(*struct{}) []any { return nil }
