package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/store"
	"parley/store/internal/value"
)

const selectMessage = `
	SELECT m.id, m.seq, m.room_id, m.author_id, u.username, u.display_name,
	       m.content, m.client_msg_id, m.created_at, m.edited_at, m.deleted_at
	FROM messages m JOIN users u ON u.id = m.author_id `

// thisRoom is the room $1 if it is there: messages may outlive it for a while.
const thisRoom = `m.room_id = (SELECT id FROM rooms WHERE id = $1)`

func scanMessage(row pgx.CollectableRow) (store.Message, error) {
	var m store.Message
	var created, edited, deleted int64
	err := row.Scan(&m.ID, &m.Seq, &m.RoomID, &m.Author.ID, &m.Author.Username, &m.Author.DisplayName,
		&m.Content, &m.ClientMsgID, &created, &edited, &deleted)
	m.CreatedAt, m.EditedAt, m.DeletedAt = value.Time(created), value.Time(edited), value.Time(deleted)
	return m, err
}

// MessageByID implements store.Messages.
func (s *Store) MessageByID(ctx context.Context, roomID, id int64) (store.Message, error) {
	return one(ctx, s.pool, scanMessage, selectMessage+`WHERE `+thisRoom+` AND m.id = $2`, roomID, id)
}

// MessagesPage implements store.Messages. Since seq has no gaps, the newest
// seq is the count, and a page is found without counting through the ones
// before it.
func (s *Store) MessagesPage(ctx context.Context, roomID int64, p store.Page) ([]store.Message, int, error) {
	count, err := many(ctx, s.pool, scanInt, `SELECT last_seq FROM rooms WHERE id = $1`, roomID)
	if err != nil || len(count) == 0 {
		return nil, 0, err
	}
	limit, offset := value.Bounds(p)
	page, err := many(ctx, s.pool, scanMessage,
		selectMessage+`WHERE `+thisRoom+` AND m.seq <= $2 ORDER BY m.seq DESC LIMIT $3`,
		roomID, count[0]-int64(offset), limit)
	return page, int(count[0]), err
}

// MessagesAfter implements store.Messages.
func (s *Store) MessagesAfter(ctx context.Context, roomID, after int64, limit int) ([]store.Message, error) {
	return many(ctx, s.pool, scanMessage,
		selectMessage+`WHERE `+thisRoom+` AND m.seq > $2 ORDER BY m.seq LIMIT $3`,
		roomID, after, max(limit, 0))
}

// MessagesBefore implements store.Messages.
func (s *Store) MessagesBefore(ctx context.Context, roomID, before int64, limit int) ([]store.Message, error) {
	return many(ctx, s.pool, scanMessage,
		selectMessage+`WHERE `+thisRoom+` AND m.seq < $2 ORDER BY m.seq DESC LIMIT $3`,
		roomID, before, max(limit, 0))
}

// MessagesChangedSince implements store.Messages.
func (s *Store) MessagesChangedSince(
	ctx context.Context, roomID int64, since time.Time, p store.Page,
) ([]store.Message, int, error) {
	const isChanged = thisRoom + ` AND m.changed_at >= $2 AND m.changed_at > 0`
	from := since.UnixMilli() // rounded down: no change after since is missed
	count, err := one(ctx, s.pool, scanInt, `SELECT count(*) FROM messages m WHERE `+isChanged, roomID, from)
	if err != nil {
		return nil, 0, err
	}
	limit, offset := value.Bounds(p)
	page, err := many(ctx, s.pool, scanMessage,
		selectMessage+`WHERE `+isChanged+` ORDER BY m.changed_at, m.seq LIMIT $3 OFFSET $4`, roomID, from, limit, offset)
	return page, int(count), err
}
