package postgres

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"parley/store/internal/lanes"
)

// writer turns the queue of some of the rooms into transactions, one at a time.
type writer struct {
	// Static after construction.
	conns    *pgxpool.Pool // the writers', one for each
	queue    *lanes.Queue[op]
	calling  *sync.Mutex // the writers', held while one calls back
	maxBatch int
	timeout  time.Duration
	meter    Meter
	log      *slog.Logger
}

func newWriter(c Config, conns *pgxpool.Pool, calling *sync.Mutex) *writer {
	return &writer{
		conns:    conns,
		queue:    lanes.New[op](),
		calling:  calling,
		maxBatch: c.MaxBatch,
		timeout:  c.Timeout,
		meter:    c.Meter,
		log:      c.Logger,
	}
}

// run commits groups until the queue is closed and empty. A write that was
// accepted is never cancelled: its context is the background.
func (w *writer) run() {
	ctx := context.Background()
	var batch []op
	for {
		batch = w.queue.Take(batch, w.maxBatch)
		if len(batch) == 0 {
			return
		}
		w.commit(ctx, batch)
	}
}

// commit stores a batch and calls it back. A batch of which one statement failed
// is halved, and each half tried alone, until the bad write stands alone and only
// it fails. Any other failure fails all of the batch, even though the commit may
// have come about: who posts a message again is told of the first.
func (w *writer) commit(ctx context.Context, batch []op) {
	began := time.Now()
	connected, err := w.transact(ctx, batch)
	for attempt := 1; again(err) && attempt < maxAttempts; attempt++ {
		connected, err = w.transact(ctx, batch)
	}
	switch {
	case err == nil:
		w.meter.Committed(len(batch), time.Since(began))
		w.finish(batch, nil)
	case ofAStatement(err) && len(batch) > 1:
		w.commit(ctx, batch[:len(batch)/2])
		w.commit(ctx, batch[len(batch)/2:])
	default:
		w.log.ErrorContext(ctx, "database write failed", "writes", len(batch), "error", err)
		err = fmt.Errorf("postgres: write: %w", reachable(err))
		w.finish(batch, err)
		if !connected {
			w.finish(w.queue.Drain(), err) // what waited would only wait as long again
		}
	}
}

// transact stores a batch in one transaction, in one round trip once the
// connection knows its statements. It reports whether there was a connection;
// when it returns an error, nothing is stored or nobody knows.
func (w *writer) transact(ctx context.Context, batch []op) (connected bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, w.timeout)
	defer cancel()
	conn, err := w.conns.Acquire(ctx)
	if err != nil {
		return false, fmt.Errorf("connect: %w", oneLine{err})
	}
	defer conn.Release()
	err = conn.SendBatch(ctx, newGroup(batch).batch()).Close()
	leave(ctx, conn.Conn(), err)
	return true, err
}

func (w *writer) finish(batch []op, failure error) {
	w.calling.Lock()
	defer w.calling.Unlock()
	for _, o := range batch {
		o.finish(failure)
	}
}
