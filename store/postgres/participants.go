package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"parley/store"
	"parley/store/internal/value"
)

const addParticipant = `
WITH joined AS (
	INSERT INTO participants (room_id, user_id, read_seq, joined_at)
	SELECT r.id, u.id, r.last_seq, ` + nowMilli + ` FROM rooms r, users u WHERE r.id = $1 AND u.id = $2
	ON CONFLICT (room_id, user_id) DO NOTHING
	RETURNING id
)
SELECT CASE WHEN EXISTS (SELECT FROM rooms WHERE id = $1) AND EXISTS (SELECT FROM users WHERE id = $2)
            THEN '` + done + `' ELSE '` + notFound + `' END, EXISTS (SELECT FROM joined)`

// AddParticipant implements store.Participants.
func (s *Store) AddParticipant(ctx context.Context, roomID, userID int64) (bool, error) {
	return write(ctx, s, roomID, itself[bool], addParticipant, roomID, userID)
}

const removeParticipant = `
WITH gone AS (
	DELETE FROM participants WHERE room_id = $1 AND user_id = $2
	       AND NOT EXISTS (SELECT FROM rooms WHERE id = $1 AND owner_id = $2)
	RETURNING id
)
SELECT CASE (SELECT owner_id = $2 FROM rooms WHERE id = $1)
            WHEN true THEN '` + isOwner + `' WHEN false THEN '` + done + `' ELSE '` + notFound + `' END,
       EXISTS (SELECT FROM gone)`

// RemoveParticipant implements store.Participants.
func (s *Store) RemoveParticipant(ctx context.Context, roomID, userID int64) (bool, error) {
	return write(ctx, s, roomID, itself[bool], removeParticipant, roomID, userID)
}

// IsParticipant implements store.Participants.
func (s *Store) IsParticipant(ctx context.Context, roomID, userID int64) (bool, error) {
	n, err := one(ctx, s.pool, scanInt,
		`SELECT count(*) FROM participants WHERE room_id = $1 AND user_id = $2`, roomID, userID)
	return n != 0, err
}

const selectParticipant = `
	SELECT u.id, u.username, u.display_name, u.id = r.owner_id, p.joined_at
	FROM participants p JOIN users u ON u.id = p.user_id JOIN rooms r ON r.id = p.room_id `

// ParticipantOf implements store.Participants.
func (s *Store) ParticipantOf(ctx context.Context, roomID, userID int64) (store.Participant, error) {
	p, err := one(ctx, s.pool, scanParticipant,
		selectParticipant+`WHERE p.room_id = $1 AND p.user_id = $2`, roomID, userID)
	if errors.Is(err, store.ErrNotFound) {
		err = store.ErrNotParticipant
	}
	return p, err
}

// ParticipantsOf implements store.Participants.
func (s *Store) ParticipantsOf(ctx context.Context, roomID int64, p store.Page) ([]store.Participant, int, error) {
	count, err := one(ctx, s.pool, scanInt, `SELECT count(*) FROM participants WHERE room_id = $1`, roomID)
	if err != nil {
		return nil, 0, err
	}
	limit, offset := value.Bounds(p)
	page, err := many(ctx, s.pool, scanParticipant,
		selectParticipant+`WHERE p.room_id = $1 ORDER BY p.id LIMIT $2 OFFSET $3`, roomID, limit, offset)
	return page, int(count), err
}

func scanParticipant(row pgx.CollectableRow) (store.Participant, error) {
	var p store.Participant
	var joined int64
	err := row.Scan(&p.ID, &p.Username, &p.DisplayName, &p.Owner, &joined)
	p.JoinedAt = value.Time(joined)
	return p, err
}
