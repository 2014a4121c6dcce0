package sqlite

import (
	"context"
	"errors"
	"fmt"

	"parley/store"
)

// PostRead implements store.Messages.
func (s *Store) PostRead(roomID, userID, messageID int64, done func(r store.ReadMarker, moved bool, err error)) {
	var marker store.ReadMarker
	var moved bool
	s.post(roomID, func(ctx context.Context, t *tx) (err error) {
		marker, moved, err = t.read(ctx, roomID, userID, messageID)
		return err
	}, func(err error) {
		if err != nil {
			marker, moved = store.ReadMarker{}, false
		}
		done(marker, moved, err)
	})
}

func (t *tx) read(ctx context.Context, roomID, userID, messageID int64) (store.ReadMarker, bool, error) {
	if _, err := t.member(ctx, roomID, userID); err != nil {
		return store.ReadMarker{}, false, err
	}
	if err := t.flush(ctx); err != nil {
		return store.ReadMarker{}, false, err
	}
	wanted, err := t.markerAt(ctx, roomID, messageID)
	if err != nil {
		return store.ReadMarker{}, false, err
	}
	current, err := t.marker(ctx, roomID, userID)
	if err != nil || wanted.Seq <= current.Seq {
		return current, false, err
	}
	_, err = t.exec(ctx, `UPDATE participants SET read_seq = ? WHERE room_id = ? AND user_id = ?`,
		wanted.Seq, roomID, userID)
	if err != nil {
		return store.ReadMarker{}, false, fmt.Errorf("read marker: %w", err)
	}
	return wanted, true, nil
}

// markerAt is a marker on a message, or with messageID 0 on the room's newest:
// the zero marker where there is no message at all.
func (t *tx) markerAt(ctx context.Context, roomID, messageID int64) (store.ReadMarker, error) {
	if messageID != 0 {
		return one(ctx, t, scanMarker, `SELECT id, seq FROM messages WHERE id = ? AND room_id = ?`, messageID, roomID)
	}
	newest, err := one(ctx, t, scanMarker,
		`SELECT id, seq FROM messages WHERE room_id = ? ORDER BY seq DESC LIMIT 1`, roomID)
	if errors.Is(err, store.ErrNotFound) {
		return store.ReadMarker{}, nil
	}
	return newest, err
}

// marker is where a participant's marker stands.
func (t *tx) marker(ctx context.Context, roomID, userID int64) (store.ReadMarker, error) {
	return one(ctx, t, scanMarker, `
		SELECT coalesce(m.id, 0), p.read_seq
		FROM participants p LEFT JOIN messages m ON m.room_id = p.room_id AND m.seq = p.read_seq
		WHERE p.room_id = ? AND p.user_id = ?`, roomID, userID)
}

func scanMarker(row scanner) (m store.ReadMarker, err error) {
	err = row.Scan(&m.MessageID, &m.Seq)
	return m, err
}
