package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"parley/store"
)

// roomsAtOnce is how many of a user's rooms one query reads.
const roomsAtOnce = 1000

// RoomIDsOf implements store.Inboxes. Its pages are in the order of joining,
// which is that of the index.
func (s *Store) RoomIDsOf(ctx context.Context, userID int64) ([]int64, error) {
	var ids []int64
	for cursor, n := int64(0), roomsAtOnce; n == roomsAtOnce; {
		n = 0
		err := s.reader.query(ctx, `
			SELECT id, room_id FROM participants WHERE user_id = ? AND id > ? ORDER BY id LIMIT ?`,
			[]any{userID, cursor, roomsAtOnce}, func(row scanner) error {
				var room int64
				if err := row.Scan(&cursor, &room); err != nil {
					return err
				}
				ids = append(ids, room)
				n++
				return nil
			})
		if err != nil {
			return nil, err
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil // one that was left and joined again meanwhile is there twice
}

// What is unread is counted of the rooms of the page only; of the others it is
// enough that there is something.
const selectUnreadRooms = `
	SELECT r.id, p.user_id, (SELECT count(*) ` + fromUnread + `), r.last_seq
	FROM (
		SELECT p.room_id, p.user_id, p.read_seq
		FROM participants p JOIN rooms r ON r.id = p.room_id
		WHERE p.user_id = ? AND r.last_seq > p.read_seq AND EXISTS (SELECT 1 ` + fromUnread + `)
		ORDER BY r.active_at DESC, r.id DESC LIMIT ?
	) p
	JOIN rooms r ON r.id = p.room_id
	ORDER BY r.active_at DESC, r.id DESC`

// UnreadRooms implements store.Inboxes.
func (s *Store) UnreadRooms(ctx context.Context, userID int64, limit int) ([]store.Unread, error) {
	return many(ctx, s.reader, scanUnread, selectUnreadRooms, userID, max(limit, 0))
}

// UnreadOf implements store.Inboxes.
func (s *Store) UnreadOf(ctx context.Context, roomID int64, userIDs []int64) ([]store.Unread, error) {
	users, err := json.Marshal(userIDs)
	if err != nil {
		return nil, fmt.Errorf("sqlite: users: %w", err)
	}
	return many(ctx, s.reader, scanUnread, `
		SELECT r.id, p.user_id, (SELECT count(*) `+fromUnread+`), r.last_seq
		FROM rooms r JOIN participants p ON p.room_id = r.id
		WHERE r.id = ? AND p.user_id IN (SELECT value FROM json_each(?))`, roomID, string(users))
}

func scanUnread(row scanner) (u store.Unread, err error) {
	err = row.Scan(&u.RoomID, &u.UserID, &u.Count, &u.LastSeq)
	return u, err
}
