package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"time"

	"parley/store"
	"parley/store/internal/lanes"
)

// writer owns the only connection that writes. Its goroutine (run) turns the
// queue into transactions.
type writer struct {
	// Static after construction.
	db       *sql.DB
	conn     *sql.Conn
	queue    *lanes.Queue[op]
	alone    sync.Locker // held during a transaction
	maxBatch int
	meter    Meter
	log      *slog.Logger

	// Owned by the writer's goroutine.
	tx       *tx
	last     time.Time // of the last transaction
	unfolded int       // pages in the WAL since the last checkpoint
}

func newWriter(c Config, db *sql.DB, conn *sql.Conn) *writer {
	return &writer{
		db:       db,
		conn:     conn,
		queue:    lanes.New[op](),
		alone:    noLock{},
		maxBatch: c.MaxBatch,
		meter:    c.Meter,
		log:      c.Logger,
		tx:       newTx(newStatements(conn)),
	}
}

// run commits batches until the queue is closed and empty. A write that was
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

// commit stores a batch and calls it back. A batch in which the database
// failed one write is halved, and each half tried alone, until that write
// stands alone and only it fails. If the transaction cannot begin or commit,
// all of the batch fails.
func (w *writer) commit(ctx context.Context, batch []op) {
	began := time.Now()
	results, err := w.transact(ctx, batch)
	var bad *writeError
	switch {
	case err == nil:
		w.meter.Committed(len(batch), time.Since(began))
		for i, o := range batch {
			o.finish(results[i])
		}
		// On one processor, those who were called back would else wait for as
		// long as the next batch keeps it: up to 10 ms.
		runtime.Gosched()
		w.checkpoint(ctx)
	case errors.As(err, &bad) && len(batch) > 1:
		w.commit(ctx, batch[:len(batch)/2])
		w.commit(ctx, batch[len(batch)/2:])
	default:
		w.log.ErrorContext(ctx, "database write failed", "writes", len(batch), "error", err)
		for _, o := range batch {
			o.finish(fmt.Errorf("sqlite: write: %w", err))
		}
	}
}

// writeError is a failure of the database within a transaction.
type writeError struct{ err error }

func (e *writeError) Error() string { return e.err.Error() }
func (e *writeError) Unwrap() error { return e.err }

// transact runs a batch in one transaction. When it returns an error nothing
// is stored; else results holds nil or the refusal of each write.
func (w *writer) transact(ctx context.Context, batch []op) (results []error, err error) {
	w.alone.Lock()
	defer w.alone.Unlock()
	if err := w.tx.begin(ctx, w.now()); err != nil {
		return nil, fmt.Errorf("begin: %w", err)
	}
	defer func() {
		if err != nil {
			w.tx.rollback(ctx)
		}
	}()
	results = make([]error, len(batch))
	for i, o := range batch {
		if err := o.run(ctx, w.tx); store.Refused(err) {
			results[i] = err
		} else if err != nil {
			return nil, &writeError{err}
		}
	}
	if err := w.tx.settle(ctx); err != nil {
		return nil, &writeError{err}
	}
	if err := w.tx.commit(ctx); err != nil {
		return nil, fmt.Errorf("commit: %w", err)
	}
	return results, nil
}

// now never goes back, so that times within the database follow the order of
// the commits.
func (w *writer) now() time.Time {
	if now := time.Now().UTC().Truncate(time.Millisecond); now.After(w.last) {
		w.last = now
	}
	return w.last
}

// close folds the WAL into the file. Reads are over by then, so that nothing
// keeps the checkpoint from finishing.
func (w *writer) close(ctx context.Context) error {
	_, err := w.conn.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`)
	if err != nil {
		err = fmt.Errorf("sqlite: checkpoint: %w", err)
	}
	return errors.Join(err, w.tx.statements.close(), w.conn.Close(), w.db.Close())
}

// noLock is for files: readers have snapshots (WAL).
type noLock struct{}

func (noLock) Lock()   {}
func (noLock) Unlock() {}
