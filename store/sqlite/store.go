package sqlite

import (
	"context"
	"errors"

	"parley/store"
)

var _ store.Store = (*Store)(nil)

// Store is the SQLite back end of store.Store.
//
// A method that writes and takes a context returns as soon as the context is
// done, with its error; the write itself is already queued by then and may
// still happen.
type Store struct {
	writer  *writer
	reader  *reader
	stopped chan struct{} // closed when the writer's goroutine has ended
}

// Queued is how many writes wait for the next batch. It does not block.
func (s *Store) Queued() int { return s.writer.queue.length() }

// Ping reads, and takes and gives back the write lock. It waits for the writes
// that are queued before it.
func (s *Store) Ping(ctx context.Context) error {
	if _, err := one(ctx, s.reader, scanInt, `SELECT 1`); err != nil {
		return err
	}
	_, err := write(ctx, s, func(context.Context, *tx) (struct{}, error) { return struct{}{}, nil })
	return err
}

// Close commits what is queued, calls it back, waits for the reads under way,
// folds the WAL into the file and closes it. It blocks until then; a second
// Close returns store.ErrClosed at once.
func (s *Store) Close() error {
	if !s.writer.queue.close() {
		return store.ErrClosed
	}
	<-s.stopped
	return errors.Join(s.reader.close(), s.writer.close(context.Background()))
}

// post queues a write that touches messages and read markers only. After Close
// done is called all the same, on a goroutine of its own: the caller may hold
// what done needs.
func (s *Store) post(run func(context.Context, *tx) error, done func(error)) {
	if !s.writer.queue.push(op{run: run, done: done}) {
		go done(store.ErrClosed)
	}
}

// write queues any other write and waits for it. What run returns crosses to
// the caller in a channel, since a caller whose context is done is gone when
// run is called.
func write[T any](ctx context.Context, s *Store, run func(context.Context, *tx) (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	var none T
	if err := ctx.Err(); err != nil {
		return none, err
	}
	results := make(chan result, 1)
	var value T // the writer's
	s.post(func(ctx context.Context, t *tx) error {
		if err := t.settle(ctx); err != nil {
			return err
		}
		defer t.forget()
		var err error
		value, err = run(ctx, t)
		return err
	}, func(err error) {
		results <- result{value, err}
	})
	select {
	case r := <-results:
		if r.err != nil {
			return none, r.err
		}
		return r.value, nil
	case <-ctx.Done():
		return none, ctx.Err()
	}
}
