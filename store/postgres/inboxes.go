package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"parley/store"
)

// RoomIDsOf implements store.Inboxes. One statement is one snapshot, so that it
// needs no pages.
func (s *Store) RoomIDsOf(ctx context.Context, userID int64) ([]int64, error) {
	return many(ctx, s.pool, scanInt, `SELECT room_id FROM participants WHERE user_id = $1 ORDER BY room_id`, userID)
}

// What is unread is counted of the rooms of the page only; of the others it is
// enough that there is something.
const selectUnreadRooms = `
	SELECT r.id, p.user_id, (SELECT count(*) ` + fromUnread + `), r.last_seq
	FROM (
		SELECT p.room_id, p.user_id, p.read_seq
		FROM participants p JOIN rooms r ON r.id = p.room_id
		WHERE p.user_id = $1 AND r.last_seq > p.read_seq AND EXISTS (SELECT 1 ` + fromUnread + `)
		ORDER BY r.active_at DESC, r.id DESC LIMIT $2
	) p
	JOIN rooms r ON r.id = p.room_id
	ORDER BY r.active_at DESC, r.id DESC`

// UnreadRooms implements store.Inboxes.
func (s *Store) UnreadRooms(ctx context.Context, userID int64, limit int) ([]store.Unread, error) {
	return many(ctx, s.pool, scanUnread, selectUnreadRooms, userID, max(limit, 0))
}

// UnreadOf implements store.Inboxes.
func (s *Store) UnreadOf(ctx context.Context, roomID int64, userIDs []int64) ([]store.Unread, error) {
	return many(ctx, s.pool, scanUnread, `
		SELECT r.id, p.user_id, (SELECT count(*) `+fromUnread+`), r.last_seq
		FROM rooms r JOIN participants p ON p.room_id = r.id
		WHERE r.id = $1 AND p.room_id = $1 AND p.user_id = ANY($2::bigint[])`, roomID, userIDs)
}

func scanUnread(row pgx.CollectableRow) (u store.Unread, err error) {
	err = row.Scan(&u.RoomID, &u.UserID, &u.Count, &u.LastSeq)
	return u, err
}
