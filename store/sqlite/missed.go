package sqlite

import (
	"context"
	"fmt"
	"slices"

	"parley/store"
	"parley/store/internal/value"
)

// AddMissedCalls implements store.MissedCalls.
func (s *Store) AddMissedCalls(ctx context.Context, roomID, caller int64, users []int64) error {
	_, err := writeAside(ctx, s, func(ctx context.Context, t *tx) (struct{}, error) {
		for _, user := range users {
			if _, err := t.exec(ctx, `
				INSERT INTO missed_calls (room_id, user_id, caller_id, created_at)
				SELECT room_id, user_id, ?, ? FROM participants WHERE room_id = ? AND user_id = ?`,
				caller, value.Milli(t.now), roomID, user); err != nil {
				return struct{}{}, fmt.Errorf("missed call: %w", err)
			}
		}
		return struct{}{}, nil
	})
	return err
}

const selectMissed = `
	SELECT c.id, c.room_id, c.caller_id, u.username, u.display_name, c.created_at, c.seen
	FROM missed_calls c JOIN users u ON u.id = c.caller_id `

func scanMissed(row scanner) (store.MissedCall, error) {
	var c store.MissedCall
	var created int64
	err := row.Scan(&c.ID, &c.RoomID, &c.Caller.ID, &c.Caller.Username, &c.Caller.DisplayName, &created, &c.Seen)
	c.CreatedAt = value.Time(created)
	return c, err
}

// MissedCallsOf implements store.MissedCalls.
func (s *Store) MissedCallsOf(ctx context.Context, userID int64, p store.Page) ([]store.MissedCall, int, error) {
	count, err := one(ctx, s.reader, scanInt, `SELECT count(*) FROM missed_calls WHERE user_id = ?`, userID)
	if err != nil {
		return nil, 0, err
	}
	limit, offset := value.Bounds(p)
	page, err := many(ctx, s.reader, scanMissed,
		selectMissed+`WHERE c.user_id = ? ORDER BY c.id DESC LIMIT ? OFFSET ?`, userID, limit, offset)
	return page, int(count), err
}

// SeeMissedCalls implements store.MissedCalls.
func (s *Store) SeeMissedCalls(ctx context.Context, userID, upTo int64) error {
	_, err := writeAside(ctx, s, func(ctx context.Context, t *tx) (struct{}, error) {
		_, err := t.exec(ctx,
			`UPDATE missed_calls SET seen = 1, told = 1 WHERE user_id = ? AND id <= ? AND seen = 0`, userID, upTo)
		return struct{}{}, err
	})
	return err
}

// TakeUntoldCalls implements store.MissedCalls.
func (s *Store) TakeUntoldCalls(ctx context.Context, userID int64, limit int) ([]store.MissedCall, error) {
	return writeAside(ctx, s, func(ctx context.Context, t *tx) ([]store.MissedCall, error) {
		calls, err := many(ctx, t, scanMissed,
			selectMissed+`WHERE c.user_id = ? AND c.told = 0 ORDER BY c.id DESC LIMIT ?`, userID, max(limit, 0))
		if err != nil {
			return nil, fmt.Errorf("untold calls: %w", err)
		}
		slices.Reverse(calls)
		_, err = t.exec(ctx, `UPDATE missed_calls SET told = 1 WHERE user_id = ? AND told = 0`, userID)
		return calls, err
	})
}

// UsersWithUntoldCalls implements store.MissedCalls.
func (s *Store) UsersWithUntoldCalls(ctx context.Context, after int64, limit int) ([]int64, error) {
	return many(ctx, s.reader, scanInt, `
		SELECT DISTINCT user_id FROM missed_calls
		WHERE told = 0 AND user_id > ? ORDER BY user_id LIMIT ?`, after, max(limit, 0))
}
