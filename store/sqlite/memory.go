package sqlite

import (
	"context"
	"errors"
	"fmt"

	"parley/store"
)

// maxMembers bounds how many participants the writer remembers: some 4 MiB.
// Beyond it all are forgotten, and those who still write are soon known again.
const maxMembers = 1 << 14

// memory is what the writer knows of the database from one transaction to the
// next, so that a message need not ask who its author is. It holds while nobody
// else writes, which begin checks, and every transaction commits: rollback
// forgets all, and so does a write that is not about messages.
type memory struct {
	members map[memberKey]member
	rooms   map[int64]*roomTail // of the members
	version int64               // of the data, as PRAGMA data_version counts others' commits
}

type memberKey struct{ room, user int64 }

// member is a participant of a room as the author of messages in it.
type member struct {
	store.Author
	room *roomTail
}

// roomTail is the end of a room.
type roomTail struct {
	id      int64
	lastSeq int64
	grown   bool // lastSeq is not written yet
}

func newMemory() memory {
	return memory{members: make(map[memberKey]member), rooms: make(map[int64]*roomTail)}
}

func (m *memory) clear() {
	clear(m.members)
	clear(m.rooms)
}

const selectMember = `
	SELECT u.username, u.display_name, r.last_seq
	FROM participants p JOIN users u ON u.id = p.user_id JOIN rooms r ON r.id = p.room_id
	WHERE p.room_id = ? AND p.user_id = ?`

// member finds a participant: store.ErrNotFound (no such room),
// store.ErrNotParticipant. Only participants are remembered.
func (t *tx) member(ctx context.Context, roomID, userID int64) (member, error) {
	key := memberKey{roomID, userID}
	if m, known := t.memory.members[key]; known {
		return m, nil
	}
	m := member{Author: store.Author{ID: userID}}
	lastSeq, err := one(ctx, t, func(row scanner) (lastSeq int64, err error) {
		err = row.Scan(&m.Username, &m.DisplayName, &lastSeq)
		return lastSeq, err
	}, selectMember, roomID, userID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return member{}, t.stranger(ctx, roomID)
	case err != nil:
		return member{}, fmt.Errorf("membership: %w", err)
	}
	m.room = t.memory.rooms[roomID]
	if m.room == nil {
		m.room = &roomTail{id: roomID, lastSeq: lastSeq}
		t.memory.rooms[roomID] = m.room
	}
	t.memory.members[key] = m
	return m, nil
}

// stranger says why a user is no participant of a room.
func (t *tx) stranger(ctx context.Context, roomID int64) error {
	_, err := one(ctx, t, scanInt, `SELECT 1 FROM rooms WHERE id = ?`, roomID)
	if err == nil {
		err = store.ErrNotParticipant
	}
	return err
}
