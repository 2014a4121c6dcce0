package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"parley/store"
)

// tx is the writer's transaction, used again for each batch. It puts off what
// can be written together; settle writes that.
type tx struct {
	statements *statements
	now        time.Time

	memory   memory
	grown    []*roomTail // whose lastSeq is not written yet
	messages insertion
}

func newTx(s *statements) *tx {
	return &tx{statements: s, memory: newMemory(), messages: newInsertion()}
}

// begin takes the write lock, and forgets what another process has changed. The
// batch's writes all bear the same time.
func (t *tx) begin(ctx context.Context, now time.Time) error {
	t.now = now
	if _, err := t.exec(ctx, `BEGIN IMMEDIATE`); err != nil {
		return err
	}
	version, err := one(ctx, t, scanInt, `PRAGMA data_version`)
	if err != nil {
		t.rollback(ctx)
		return fmt.Errorf("data version: %w", err)
	}
	if version != t.memory.version || len(t.memory.members) > maxMembers {
		t.forget()
		t.memory.version = version
	}
	return nil
}

func (t *tx) commit(ctx context.Context) error {
	_, err := t.exec(ctx, `COMMIT`)
	return err
}

// rollback's own error says nothing new: SQLite has rolled back by itself
// after some failures, and then there is no transaction left.
func (t *tx) rollback(ctx context.Context) {
	_, _ = t.exec(ctx, `ROLLBACK`)
	t.forget()
}

func (t *tx) exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return t.statements.exec(ctx, query, args...)
}

func (t *tx) query(ctx context.Context, query string, args []any, row func(scanner) error) error {
	return t.statements.query(ctx, query, args, row)
}

// insert returns the new row's id.
func (t *tx) insert(ctx context.Context, query string, args ...any) (int64, error) {
	result, err := t.exec(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return result.LastInsertId()
}

// find returns the only number of a result, 0 if there is none.
func (t *tx) find(ctx context.Context, query string, args ...any) (int64, error) {
	n, err := one(ctx, t, scanInt, query, args...)
	if errors.Is(err, store.ErrNotFound) {
		return 0, nil
	}
	return n, err
}

// settle writes all that was put off.
func (t *tx) settle(ctx context.Context) error {
	if err := t.flush(ctx); err != nil {
		return err
	}
	for _, room := range t.grown {
		if _, err := t.exec(ctx, `UPDATE rooms SET last_seq = ?, active_at = ? WHERE id = ?`,
			room.lastSeq, t.now.UnixMilli(), room.id); err != nil {
			return fmt.Errorf("last seq: %w", err)
		}
		room.grown = false
	}
	t.grown = t.grown[:0]
	return nil
}

// grow notes that a room's lastSeq is to be written.
func (t *tx) grow(room *roomTail) {
	if !room.grown {
		room.grown = true
		t.grown = append(t.grown, room)
	}
}

// forget drops all that was put off and remembered.
func (t *tx) forget() {
	t.memory.clear()
	t.grown = t.grown[:0]
	t.messages.clear()
	t.messages.nextID = 0
}
