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
func (s *Store) Queued() int { return s.writer.queue.Waiting() }

// Ping reads, and takes and gives back the write lock. It waits for its turn
// among the writes that are queued.
func (s *Store) Ping(ctx context.Context) error {
	if _, err := one(ctx, s.reader, scanInt, `SELECT 1`); err != nil {
		return err
	}
	_, err := writeAside(ctx, s, func(context.Context, *tx) (struct{}, error) { return struct{}{}, nil })
	return err
}

// Close commits what is queued, calls it back, waits for the reads under way,
// folds the WAL into the file and closes it. It blocks until then; a second
// Close returns store.ErrClosed at once.
func (s *Store) Close() error {
	if !s.writer.queue.Close() {
		return store.ErrClosed
	}
	<-s.stopped
	return errors.Join(s.reader.close(), s.writer.close(context.Background()))
}

// enqueue queues a write of a room, 0 for one of none. After Close it is
// finished all the same, on a goroutine of its own: the caller may hold what
// that needs.
func (s *Store) enqueue(room int64, o op) {
	if !s.writer.queue.Push(room, o) {
		go o.finish(store.ErrClosed)
	}
}

// post queues a write that touches messages and read markers only.
func (s *Store) post(room int64, run func(context.Context, *tx) error, done func(error)) {
	s.enqueue(room, &task{do: run, done: done})
}

// write queues a write of a room, or with 0 of none, and waits for it. It may
// change what the writer remembers of rooms, participants and users: what was
// put off is written before it, and all is forgotten after it.
func write[T any](ctx context.Context, s *Store, room int64, run func(context.Context, *tx) (T, error)) (T, error) {
	return queued(ctx, s, room, func(ctx context.Context, t *tx) (T, error) {
		if err := t.settle(ctx); err != nil {
			var none T
			return none, err
		}
		defer t.forget()
		return run(ctx, t)
	})
}

// writeAside is write for what has nothing to do with rooms and their
// participants, and need not know of them.
func writeAside[T any](ctx context.Context, s *Store, run func(context.Context, *tx) (T, error)) (T, error) {
	return queued(ctx, s, 0, run)
}

// queued queues a write and waits for it. What run returns crosses to the
// caller in a channel, since a caller whose context is done is gone when run is
// called.
func queued[T any](ctx context.Context, s *Store, room int64, run func(context.Context, *tx) (T, error)) (T, error) {
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
	s.post(room, func(ctx context.Context, t *tx) (err error) {
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
