package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"parley/store"
	"parley/store/internal/value"
)

// RoomHeads implements store.Standings.
func (s *Store) RoomHeads(ctx context.Context, roomIDs []int64) ([]store.RoomHead, error) {
	return many(ctx, s.pool, func(row pgx.CollectableRow) (store.RoomHead, error) {
		var h store.RoomHead
		var changed int64
		err := row.Scan(&h.RoomID, &h.LastSeq, &changed)
		h.ChangedAt = value.Time(changed)
		return h, err
	}, `
		SELECT r.id, r.last_seq,
		       coalesce((SELECT max(m.changed_at) FROM messages m WHERE m.room_id = r.id AND m.changed_at > 0), 0)
		FROM rooms r WHERE r.id = ANY($1::bigint[])`, roomIDs)
}

// LiveTokens implements store.Standings.
func (s *Store) LiveTokens(ctx context.Context, tokenIDs []int64) ([]int64, error) {
	return many(ctx, s.pool, scanInt, `SELECT id FROM tokens WHERE id = ANY($1::bigint[])`, tokenIDs)
}

// Belonging implements store.Standings.
func (s *Store) Belonging(ctx context.Context, places []store.Place) ([]store.Place, error) {
	rooms, users := make([]int64, len(places)), make([]int64, len(places))
	for i, p := range places {
		rooms[i], users[i] = p.RoomID, p.UserID
	}
	return many(ctx, s.pool, func(row pgx.CollectableRow) (p store.Place, err error) {
		err = row.Scan(&p.RoomID, &p.UserID)
		return p, err
	}, `
		SELECT p.room_id, p.user_id FROM unnest($1::bigint[], $2::bigint[]) AS t (room_id, user_id)
		JOIN participants p ON p.room_id = t.room_id AND p.user_id = t.user_id`, rooms, users)
}
