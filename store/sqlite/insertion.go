package sqlite

import (
	"context"
	"fmt"
	"strings"

	"parley/store"
)

// insertRows is the most messages that one INSERT takes. Beyond it a row costs
// the same, and the statement only grows.
const insertRows = 32

// insertion collects a batch's new messages.
type insertion struct {
	rows   []store.Message
	byOwn  map[clientKey]store.Message // rows that have a client's id
	nextID int64                       // 0: not read in this transaction
	insert map[int]string              // by rows; static
	args   []any                       // reused
}

// clientKey is the scope of a client's own message id.
type clientKey struct {
	room, author int64
	id           string
}

func newInsertion() insertion {
	insert := make(map[int]string)
	for n := 1; n <= insertRows; n *= 2 {
		insert[n] = `INSERT INTO messages (id, room_id, seq, author_id, content, client_msg_id, created_at) VALUES ` +
			strings.Repeat(`(?, ?, ?, ?, ?, ?, ?), `, n-1) + `(?, ?, ?, ?, ?, ?, ?)`
	}
	return insertion{byOwn: make(map[clientKey]store.Message), insert: insert}
}

func (in *insertion) reset() {
	in.clear()
	in.nextID = 0
}

func (in *insertion) clear() {
	clear(in.rows)
	in.rows = in.rows[:0]
	clear(in.byOwn)
}

// add puts a message off, giving it its id. AUTOINCREMENT's own counter says
// which comes next; the transaction holds the write lock, so that nobody else
// moves it.
func (t *tx) add(ctx context.Context, m store.Message) (store.Message, error) {
	in := &t.messages
	if in.nextID == 0 {
		last, err := one(ctx, t, scanInt, `SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'messages'`)
		if err != nil {
			return m, fmt.Errorf("next message id: %w", err)
		}
		in.nextID = last + 1
	}
	m.ID = in.nextID
	in.nextID++
	in.rows = append(in.rows, m)
	if m.ClientMsgID != "" {
		in.byOwn[clientKey{m.RoomID, m.Author.ID, m.ClientMsgID}] = m
	}
	if len(in.rows) < insertRows {
		return m, nil
	}
	return m, t.flush(ctx)
}

// flush writes the messages that were put off, in statements of 32, 16, … 1
// rows.
func (t *tx) flush(ctx context.Context) error {
	in := &t.messages
	rest := in.rows
	for n := insertRows; n > 0; n /= 2 {
		for ; len(rest) >= n; rest = rest[n:] {
			in.args = in.args[:0]
			for _, m := range rest[:n] {
				in.args = append(in.args, m.ID, m.RoomID, m.Seq, m.Author.ID,
					m.Content, m.ClientMsgID, m.CreatedAt.UnixMilli())
			}
			if _, err := t.exec(ctx, in.insert[n], in.args...); err != nil {
				return fmt.Errorf("insert messages: %w", err)
			}
		}
	}
	in.clear()
	return nil
}
