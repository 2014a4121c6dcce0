package sqlite

import (
	"context"
	"encoding/json"
	"fmt"

	"parley/store"
	"parley/store/internal/value"
)

// RoomHeads implements store.Standings.
func (s *Store) RoomHeads(ctx context.Context, roomIDs []int64) ([]store.RoomHead, error) {
	return manyOf(ctx, s.reader, roomIDs, func(row scanner) (store.RoomHead, error) {
		var h store.RoomHead
		var changed int64
		err := row.Scan(&h.RoomID, &h.LastSeq, &changed)
		h.ChangedAt = value.Time(changed)
		return h, err
	}, `
		SELECT r.id, r.last_seq,
		       coalesce((SELECT max(m.changed_at) FROM messages m WHERE m.room_id = r.id AND m.changed_at > 0), 0)
		FROM rooms r WHERE r.id IN (SELECT value FROM json_each(?))`)
}

// LiveTokens implements store.Standings.
func (s *Store) LiveTokens(ctx context.Context, tokenIDs []int64) ([]int64, error) {
	return manyOf(ctx, s.reader, tokenIDs, scanInt,
		`SELECT id FROM tokens WHERE id IN (SELECT value FROM json_each(?))`)
}

// Belonging implements store.Standings.
func (s *Store) Belonging(ctx context.Context, places []store.Place) ([]store.Place, error) {
	pairs := make([][2]int64, len(places))
	for i, p := range places {
		pairs[i] = [2]int64{p.RoomID, p.UserID}
	}
	return manyOf(ctx, s.reader, pairs, func(row scanner) (p store.Place, err error) {
		err = row.Scan(&p.RoomID, &p.UserID)
		return p, err
	}, `
		SELECT p.room_id, p.user_id FROM json_each(?) CROSS JOIN participants p
		WHERE p.room_id = json_each.value ->> 0 AND p.user_id = json_each.value ->> 1`)
}

// manyOf reads all rows of a query whose one argument is a list, as JSON.
func manyOf[V, T any](
	ctx context.Context, q querier, list []V, scan func(scanner) (T, error), query string,
) ([]T, error) {
	text, err := json.Marshal(list)
	if err != nil {
		return nil, fmt.Errorf("sqlite: list: %w", err)
	}
	return many(ctx, q, scan, query, string(text))
}
