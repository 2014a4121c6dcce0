package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"parley/store"
)

// reader is the pool of connections that cannot write.
type reader struct {
	db         *sql.DB
	statements *statements

	life   sync.RWMutex // held by each query for reading: close, and a writer in memory, wait for them
	closed bool         // guarded by life
}

func openReader(at location, conns int) (*reader, error) {
	db, err := connect(at.readDSN(), conns)
	if err != nil {
		return nil, err
	}
	return &reader{db: db, statements: newStatements(db)}, nil
}

func (r *reader) query(ctx context.Context, query string, args []any, row func(scanner) error) error {
	r.life.RLock()
	defer r.life.RUnlock()
	if r.closed {
		return store.ErrClosed
	}
	if err := r.statements.query(ctx, query, args, row); err != nil {
		return fmt.Errorf("sqlite: read: %w", err)
	}
	return nil
}

// close waits for the reads under way.
func (r *reader) close() error {
	r.life.Lock()
	defer r.life.Unlock()
	r.closed = true
	return errors.Join(r.statements.close(), r.db.Close())
}
