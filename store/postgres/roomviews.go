package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"parley/store"
	"parley/store/internal/value"
)

// viewCounts are the columns of a room r as the participant p sees it.
const viewCounts = `
	(SELECT count(*) FROM participants c WHERE c.room_id = r.id),
	(SELECT count(*) ` + fromUnread + `)`

// fromUnread are the messages of a room r that the participant p has not read.
const fromUnread = `FROM messages m
	 WHERE m.room_id = r.id AND m.seq > p.read_seq AND m.author_id <> p.user_id AND m.deleted_at = 0`

// The page is cut before its rooms' messages are counted.
const selectRoomsOf = `
	SELECT ` + roomColumns + `, ` + viewCounts + `
	FROM (
		SELECT p.room_id, p.user_id, p.read_seq
		FROM participants p JOIN rooms r ON r.id = p.room_id
		WHERE p.user_id = $1
		ORDER BY r.active_at DESC, r.id DESC LIMIT $2 OFFSET $3
	) p
	JOIN rooms r ON r.id = p.room_id
	JOIN users u ON u.id = r.owner_id
	ORDER BY r.active_at DESC, r.id DESC`

const selectRoomFor = `
	SELECT ` + roomColumns + `, ` + viewCounts + `, p.id
	FROM rooms r
	JOIN users u ON u.id = r.owner_id
	LEFT JOIN participants p ON p.room_id = r.id AND p.user_id = $2
	WHERE r.id = $1`

// RoomFor implements store.Rooms.
func (s *Store) RoomFor(ctx context.Context, id, userID int64) (store.RoomView, error) {
	var participant *int64
	view, err := one(ctx, s.pool, func(row pgx.CollectableRow) (store.RoomView, error) {
		return scanView(row, &participant)
	}, selectRoomFor, id, userID)
	if err == nil && participant == nil {
		return store.RoomView{}, store.ErrNotParticipant
	}
	return view, err
}

// RoomsOf implements store.Rooms.
func (s *Store) RoomsOf(ctx context.Context, userID int64, p store.Page) ([]store.RoomView, int, error) {
	count, err := one(ctx, s.pool, scanInt, `SELECT count(*) FROM participants WHERE user_id = $1`, userID)
	if err != nil {
		return nil, 0, err
	}
	limit, offset := value.Bounds(p)
	views, err := many(ctx, s.pool, func(row pgx.CollectableRow) (store.RoomView, error) {
		return scanView(row)
	}, selectRoomsOf, userID, limit, offset)
	return views, int(count), err
}

func scanView(row pgx.CollectableRow, more ...any) (store.RoomView, error) {
	var f roomFields
	var view store.RoomView
	dest := append(f.dest(), &view.ParticipantCount, &view.UnreadCount)
	err := row.Scan(append(dest, more...)...)
	view.Room = f.finish()
	return view, err
}
