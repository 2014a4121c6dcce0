package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"parley/store"
)

// tx is the writer's transaction, used again for each batch. It remembers what
// a batch's messages ask for over and over, and puts off what can be written
// together; settle writes that and forgets the rest. So a write that changes
// rooms, participants or users settles first and needs no care beyond that.
type tx struct {
	statements *statements
	now        time.Time

	rooms    map[int64]*roomTail
	members  map[memberKey]member
	messages insertion
}

// roomTail is the end of a room within a batch.
type roomTail struct {
	lastSeq int64
	grown   bool // lastSeq is not written yet
}

type memberKey struct{ room, user int64 }

// member is a user's standing in a room.
type member struct {
	author store.Author
	joined bool
}

func newTx(s *statements) *tx {
	return &tx{
		statements: s,
		rooms:      make(map[int64]*roomTail),
		members:    make(map[memberKey]member),
		messages:   newInsertion(),
	}
}

// begin takes the write lock. The batch's writes all bear the same time.
func (t *tx) begin(ctx context.Context, now time.Time) error {
	t.forget()
	t.now = now
	_, err := t.exec(ctx, `BEGIN IMMEDIATE`)
	return err
}

func (t *tx) commit(ctx context.Context) error {
	_, err := t.exec(ctx, `COMMIT`)
	return err
}

// rollback's own error says nothing new: SQLite has rolled back by itself
// after some failures, and then there is no transaction left.
func (t *tx) rollback(ctx context.Context) {
	_, _ = t.exec(ctx, `ROLLBACK`)
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

// settle writes all that was put off and forgets what was remembered.
func (t *tx) settle(ctx context.Context) error {
	if err := t.flush(ctx); err != nil {
		return err
	}
	for id, room := range t.rooms {
		if !room.grown {
			continue
		}
		if _, err := t.exec(ctx, `UPDATE rooms SET last_seq = ?, active_at = ? WHERE id = ?`,
			room.lastSeq, t.now.UnixMilli(), id); err != nil {
			return fmt.Errorf("last seq: %w", err)
		}
	}
	t.forget()
	return nil
}

func (t *tx) forget() {
	clear(t.rooms)
	clear(t.members)
	t.messages.reset()
}

const selectMember = `
	SELECT r.last_seq, p.id IS NOT NULL, coalesce(u.username, ''), coalesce(u.display_name, '')
	FROM rooms r
	LEFT JOIN participants p ON p.room_id = r.id AND p.user_id = ?2
	LEFT JOIN users u ON u.id = p.user_id
	WHERE r.id = ?1`

// member finds a participant as an author: store.ErrNotFound (no such room),
// store.ErrNotParticipant. The room's tail is in t.rooms after it.
func (t *tx) member(ctx context.Context, roomID, userID int64) (store.Author, error) {
	key := memberKey{roomID, userID}
	m, known := t.members[key]
	if !known {
		var tail roomTail
		var err error
		m, err = one(ctx, t, func(row scanner) (member, error) {
			m := member{author: store.Author{ID: userID}}
			err := row.Scan(&tail.lastSeq, &m.joined, &m.author.Username, &m.author.DisplayName)
			return m, err
		}, selectMember, roomID, userID)
		if errors.Is(err, store.ErrNotFound) {
			return store.Author{}, err
		}
		if err != nil {
			return store.Author{}, fmt.Errorf("membership: %w", err)
		}
		t.members[key] = m
		if t.rooms[roomID] == nil {
			t.rooms[roomID] = &tail
		}
	}
	if !m.joined {
		return store.Author{}, store.ErrNotParticipant
	}
	return m.author, nil
}
