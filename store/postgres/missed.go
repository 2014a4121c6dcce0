package postgres

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"parley/store"
	"parley/store/internal/value"
)

// AddMissedCalls implements store.MissedCalls.
func (s *Store) AddMissedCalls(ctx context.Context, roomID, caller int64, users []int64) error {
	_, err := write(ctx, s, roomID, nothing, `
		WITH added AS (
			INSERT INTO missed_calls (room_id, user_id, caller_id, created_at)
			SELECT p.room_id, p.user_id, $2, `+nowMilli+`
			FROM unnest($3::bigint[]) WITH ORDINALITY AS t (user_id, i)
			JOIN participants p ON p.room_id = $1 AND p.user_id = t.user_id
			ORDER BY t.i
		)
		SELECT '`+done+`'`, roomID, caller, users)
	return err
}

const missedColumns = `c.id, c.room_id, c.caller_id, u.username, u.display_name, c.created_at, c.seen`

func scanMissed(row pgx.CollectableRow) (store.MissedCall, error) {
	var c store.MissedCall
	var created int64
	err := row.Scan(&c.ID, &c.RoomID, &c.Caller.ID, &c.Caller.Username, &c.Caller.DisplayName, &created, &c.Seen)
	c.CreatedAt = value.Time(created)
	return c, err
}

// MissedCallsOf implements store.MissedCalls.
func (s *Store) MissedCallsOf(ctx context.Context, userID int64, p store.Page) ([]store.MissedCall, int, error) {
	count, err := one(ctx, s.pool, scanInt, `SELECT count(*) FROM missed_calls WHERE user_id = $1`, userID)
	if err != nil {
		return nil, 0, err
	}
	limit, offset := value.Bounds(p)
	page, err := many(ctx, s.pool, scanMissed, `SELECT `+missedColumns+`
		FROM missed_calls c JOIN users u ON u.id = c.caller_id
		WHERE c.user_id = $1 ORDER BY c.id DESC LIMIT $2 OFFSET $3`, userID, limit, offset)
	return page, int(count), err
}

// SeeMissedCalls implements store.MissedCalls.
func (s *Store) SeeMissedCalls(ctx context.Context, userID, upTo int64) error {
	return exec(ctx, s.pool, `
		UPDATE missed_calls SET seen = true, told = true
		WHERE user_id = $1 AND id <= $2 AND NOT seen RETURNING id`, userID, upTo)
}

// TakeUntoldCalls implements store.MissedCalls. Of two at once the second waits
// for the first, and then finds that the calls have been told.
func (s *Store) TakeUntoldCalls(ctx context.Context, userID int64, limit int) ([]store.MissedCall, error) {
	calls, err := many(ctx, s.pool, scanMissed, `
		WITH c AS (UPDATE missed_calls SET told = true WHERE user_id = $1 AND NOT told RETURNING *)
		SELECT `+missedColumns+` FROM c JOIN users u ON u.id = c.caller_id
		ORDER BY c.id DESC LIMIT $2`, userID, max(limit, 0))
	slices.Reverse(calls)
	return calls, err
}

// UsersWithUntoldCalls implements store.MissedCalls.
func (s *Store) UsersWithUntoldCalls(ctx context.Context, after int64, limit int) ([]int64, error) {
	return many(ctx, s.pool, scanInt, `
		SELECT DISTINCT user_id FROM missed_calls
		WHERE NOT told AND user_id > $1 ORDER BY user_id LIMIT $2`, after, max(limit, 0))
}
