package postgres

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"parley/store"
)

var _ store.Store = (*Store)(nil)

// Store is the PostgreSQL back end of store.Store.
//
// A method that writes and takes a context returns as soon as the context is
// done, with its error; the write may happen all the same. While the server
// cannot be reached every method fails within Config.Timeout and a few seconds
// that it takes to connect; when it is back they succeed again.
type Store struct {
	// Static after construction.
	writers  []*writer
	writing  *pgxpool.Pool // the writers' connections
	pool     *pool
	sweeper  *sweeper
	patience time.Duration  // of Ping
	running  sync.WaitGroup // the writers' goroutines
}

// Queued is how many writes wait for a transaction. It does not block.
func (s *Store) Queued() (n int) {
	for _, w := range s.writers {
		n += w.queue.Waiting()
	}
	return n
}

// pingPatience bounds Ping.
const pingPatience = 3 * time.Second

// pingWrites commits a transaction that is written to the log of the database,
// which a server that is read-only or recovers refuses.
const pingWrites = `SELECT CASE WHEN pg_current_xact_id()::text <> '' THEN '` + done + `' END`

// Ping reads, and commits a transaction of a writer's: it waits for its turn
// among the writes that are queued. It returns within three seconds.
func (s *Store) Ping(ctx context.Context) error {
	bounded, cancel := context.WithTimeout(ctx, s.patience)
	defer cancel()
	err := s.ping(bounded)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case bounded.Err() != nil:
		return fmt.Errorf("postgres: ping: no answer within %v", s.patience)
	}
	return err
}

func (s *Store) ping(ctx context.Context) error {
	if _, err := one(ctx, s.pool, scanInt, `SELECT 1::bigint`); err != nil {
		return err
	}
	_, err := write(ctx, s, 0, nothing, pingWrites)
	return err
}

// Close commits what is queued, calls it back, waits for the reads under way and
// closes the connections. It blocks until then; a second Close returns
// store.ErrClosed at once.
func (s *Store) Close() error {
	open := true
	for _, w := range s.writers {
		open = w.queue.Close() && open
	}
	if !open {
		return store.ErrClosed
	}
	s.sweeper.close()
	s.running.Wait()
	s.writing.Close()
	s.pool.conns.Close()
	return nil
}

// enqueue queues a write of a room, 0 for one of none. After Close it is
// finished all the same, on a goroutine of its own: the caller may hold what
// that needs.
func (s *Store) enqueue(o op) {
	w := s.writers[uint64(o.room())%uint64(len(s.writers))]
	if !w.queue.Push(o.room(), o) {
		go o.finish(store.ErrClosed)
	}
}
