package sqlite

import (
	"context"
	"errors"
	"fmt"

	"parley/store"
	"parley/store/internal/value"
)

// AddParticipant implements store.Participants.
func (s *Store) AddParticipant(ctx context.Context, roomID, userID int64) (bool, error) {
	return write(ctx, s, roomID, func(ctx context.Context, t *tx) (bool, error) {
		room, err := roomByID(ctx, t, roomID)
		if err != nil {
			return false, err
		}
		if _, err := userByID(ctx, t, userID); err != nil {
			return false, err
		}
		joined, err := isParticipant(ctx, t, roomID, userID)
		if err != nil || joined {
			return false, err
		}
		return true, t.join(ctx, roomID, userID, room.LastSeq)
	})
}

// join adds a participant who has read up to a seq.
func (t *tx) join(ctx context.Context, roomID, userID, read int64) error {
	_, err := t.exec(ctx, `INSERT INTO participants (room_id, user_id, read_seq, joined_at) VALUES (?, ?, ?, ?)`,
		roomID, userID, read, value.Milli(t.now))
	if err != nil {
		return fmt.Errorf("join: %w", err)
	}
	return nil
}

// RemoveParticipant implements store.Participants.
func (s *Store) RemoveParticipant(ctx context.Context, roomID, userID int64) (bool, error) {
	return write(ctx, s, roomID, func(ctx context.Context, t *tx) (bool, error) {
		owner, err := one(ctx, t, scanInt, `SELECT owner_id FROM rooms WHERE id = ?`, roomID)
		if err != nil {
			return false, err
		}
		if owner == userID {
			return false, store.ErrOwner
		}
		id, err := t.find(ctx, `DELETE FROM participants WHERE room_id = ? AND user_id = ? RETURNING id`, roomID, userID)
		return id != 0, err
	})
}

// IsParticipant implements store.Participants.
func (s *Store) IsParticipant(ctx context.Context, roomID, userID int64) (bool, error) {
	return isParticipant(ctx, s.reader, roomID, userID)
}

func isParticipant(ctx context.Context, q querier, roomID, userID int64) (bool, error) {
	n, err := one(ctx, q, scanInt,
		`SELECT count(*) FROM participants WHERE room_id = ? AND user_id = ?`, roomID, userID)
	return n != 0, err
}

const selectParticipant = `
	SELECT u.id, u.username, u.display_name, u.id = r.owner_id, p.joined_at
	FROM participants p JOIN users u ON u.id = p.user_id JOIN rooms r ON r.id = p.room_id `

// ParticipantOf implements store.Participants.
func (s *Store) ParticipantOf(ctx context.Context, roomID, userID int64) (store.Participant, error) {
	p, err := one(ctx, s.reader, scanParticipant, selectParticipant+`WHERE p.room_id = ? AND p.user_id = ?`, roomID, userID)
	if errors.Is(err, store.ErrNotFound) {
		err = store.ErrNotParticipant
	}
	return p, err
}

// ParticipantsOf implements store.Participants.
func (s *Store) ParticipantsOf(ctx context.Context, roomID int64, p store.Page) ([]store.Participant, int, error) {
	count, err := one(ctx, s.reader, scanInt, `SELECT count(*) FROM participants WHERE room_id = ?`, roomID)
	if err != nil {
		return nil, 0, err
	}
	limit, offset := value.Bounds(p)
	page, err := many(ctx, s.reader, scanParticipant,
		selectParticipant+`WHERE p.room_id = ? ORDER BY p.id LIMIT ? OFFSET ?`, roomID, limit, offset)
	return page, int(count), err
}

func scanParticipant(row scanner) (store.Participant, error) {
	var p store.Participant
	var joined int64
	err := row.Scan(&p.ID, &p.Username, &p.DisplayName, &p.Owner, &joined)
	p.JoinedAt = value.Time(joined)
	return p, err
}
