package sqlite

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// insertRows is the most messages that one INSERT takes, a power of two. Beyond
// it a row costs the same, and the statement only grows.
const insertRows = 32

// insertion collects a batch's new messages.
type insertion struct {
	rows   []*posting     // to be inserted
	nextID int64          // 0: to be read
	insert map[int]string // by rows; static
	args   []any          // reused
}

func newInsertion() insertion {
	insert := make(map[int]string)
	for n := 1; n <= insertRows; n *= 2 {
		insert[n] = `INSERT INTO messages (id, room_id, seq, author_id, content, client_msg_id, created_at) VALUES ` +
			strings.Repeat(`(?, ?, ?, ?, ?, ?, ?), `, n-1) + `(?, ?, ?, ?, ?, ?, ?)`
	}
	return insertion{insert: insert}
}

func (in *insertion) clear() {
	clear(in.rows)
	in.rows = in.rows[:0]
}

// append puts a message off until it can be inserted together with others.
func (t *tx) append(ctx context.Context, p *posting) error {
	in := &t.messages
	in.rows = append(in.rows, p)
	if len(in.rows) < insertRows {
		return nil
	}
	return t.flush(ctx)
}

// flush inserts the messages that were put off, in statements of 32, 16, … 1
// rows.
func (t *tx) flush(ctx context.Context) error {
	in := &t.messages
	if len(in.rows) == 0 {
		return nil
	}
	if err := t.findNextID(ctx); err != nil {
		return err
	}
	rest := in.rows
	for n := insertRows; n > 0; n /= 2 {
		for ; len(rest) >= n; rest = rest[n:] {
			if err := t.insertAll(ctx, rest[:n]); err != nil {
				return fmt.Errorf("insert messages: %w", err)
			}
		}
	}
	in.clear()
	return nil
}

// findNextID reads AUTOINCREMENT's own counter, so that no id is used twice.
// Nobody else moves it while the transaction holds the write lock, and begin
// notices who moved it before.
func (t *tx) findNextID(ctx context.Context) error {
	if t.messages.nextID != 0 {
		return nil
	}
	last, err := one(ctx, t, scanInt, `SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'messages'`)
	if err != nil {
		return fmt.Errorf("next message id: %w", err)
	}
	t.messages.nextID = last + 1
	return nil
}

// insertAll inserts messages, a power of two of them. It does not ask before
// whether a client sent one of them already: that is rare, and SQLite then
// refuses the whole statement. Each half is tried by itself, until the repeated
// one stands alone; it takes neither an id nor a seq.
func (t *tx) insertAll(ctx context.Context, ps []*posting) error {
	in := &t.messages
	in.args = in.args[:0]
	for _, p := range ps {
		p.room.lastSeq++
		m := &p.stored
		m.ID, m.Seq = in.nextID, p.room.lastSeq
		in.nextID++
		in.args = append(in.args, m.ID, m.RoomID, m.Seq, m.Author.ID, m.Content, m.ClientMsgID, m.CreatedAt.UnixMilli())
	}
	_, err := t.exec(ctx, in.insert[len(ps)], in.args...)
	if err == nil {
		for _, p := range ps {
			p.created = true
			t.grow(p.room)
		}
		return nil
	}
	if !isDouble(err) {
		return err
	}
	in.nextID -= int64(len(ps))
	for _, p := range ps {
		p.room.lastSeq--
	}
	if len(ps) == 1 {
		return t.resent(ctx, ps[0], err)
	}
	half := len(ps) / 2
	if err := t.insertAll(ctx, ps[:half]); err != nil {
		return err
	}
	return t.insertAll(ctx, ps[half:])
}

// isDouble reports that a row breaks a UNIQUE constraint. The statement has
// changed nothing then, and the transaction goes on.
func isDouble(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE
}
