package sqlite

import (
	"context"
	"time"

	"parley/store"
	"parley/store/internal/value"
)

const selectMessage = `
	SELECT m.id, m.seq, m.room_id, m.author_id, u.username, u.display_name,
	       m.content, m.client_msg_id, m.created_at, m.edited_at, m.deleted_at
	FROM messages m JOIN users u ON u.id = m.author_id `

func scanMessage(row scanner) (store.Message, error) {
	var m store.Message
	var created, edited, deleted int64
	err := row.Scan(&m.ID, &m.Seq, &m.RoomID, &m.Author.ID, &m.Author.Username, &m.Author.DisplayName,
		&m.Content, &m.ClientMsgID, &created, &edited, &deleted)
	m.CreatedAt, m.EditedAt, m.DeletedAt = value.Time(created), value.Time(edited), value.Time(deleted)
	return m, err
}

// MessageByID implements store.Messages.
func (s *Store) MessageByID(ctx context.Context, roomID, id int64) (store.Message, error) {
	return messageByID(ctx, s.reader, roomID, id)
}

func messageByID(ctx context.Context, q querier, roomID, id int64) (store.Message, error) {
	return one(ctx, q, scanMessage, selectMessage+`WHERE m.id = ? AND m.room_id = ?`, id, roomID)
}

// MessagesPage implements store.Messages. Since seq has no gaps, the newest
// seq is the count, and a page is found without counting through the ones
// before it.
func (s *Store) MessagesPage(ctx context.Context, roomID int64, p store.Page) ([]store.Message, int, error) {
	count, err := many(ctx, s.reader, scanInt, `SELECT last_seq FROM rooms WHERE id = ?`, roomID)
	if err != nil || len(count) == 0 {
		return nil, 0, err
	}
	limit, offset := value.Bounds(p)
	page, err := many(ctx, s.reader, scanMessage,
		selectMessage+`WHERE m.room_id = ? AND m.seq <= ? ORDER BY m.seq DESC LIMIT ?`,
		roomID, count[0]-int64(offset), limit)
	return page, int(count[0]), err
}

// MessagesAfter implements store.Messages.
func (s *Store) MessagesAfter(ctx context.Context, roomID, after int64, limit int) ([]store.Message, error) {
	return many(ctx, s.reader, scanMessage,
		selectMessage+`WHERE m.room_id = ? AND m.seq > ? ORDER BY m.seq LIMIT ?`,
		roomID, after, max(limit, 0))
}

// MessagesBefore implements store.Messages.
func (s *Store) MessagesBefore(ctx context.Context, roomID, before int64, limit int) ([]store.Message, error) {
	return many(ctx, s.reader, scanMessage,
		selectMessage+`WHERE m.room_id = ? AND m.seq < ? ORDER BY m.seq DESC LIMIT ?`,
		roomID, before, max(limit, 0))
}

// MessagesChangedSince implements store.Messages.
func (s *Store) MessagesChangedSince(
	ctx context.Context, roomID int64, since time.Time, p store.Page,
) ([]store.Message, int, error) {
	const changed = `m.room_id = ? AND m.changed_at >= ? AND m.changed_at > 0`
	from := since.UnixMilli() // rounded down: no change after since is missed
	count, err := one(ctx, s.reader, scanInt, `SELECT count(*) FROM messages m WHERE `+changed, roomID, from)
	if err != nil {
		return nil, 0, err
	}
	limit, offset := value.Bounds(p)
	page, err := many(ctx, s.reader, scanMessage,
		selectMessage+`WHERE `+changed+` ORDER BY m.changed_at, m.seq LIMIT ? OFFSET ?`, roomID, from, limit, offset)
	return page, int(count), err
}
