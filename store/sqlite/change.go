package sqlite

import (
	"context"
	"fmt"

	"parley/store"
	"parley/store/internal/value"
)

// PostEdit implements store.Messages.
func (s *Store) PostEdit(roomID, userID, messageID int64, content string, done func(store.Message, error)) {
	var edited store.Message
	s.post(roomID, func(ctx context.Context, t *tx) (err error) {
		edited, err = t.edit(ctx, roomID, userID, messageID, content)
		return err
	}, func(err error) {
		if err != nil {
			edited = store.Message{}
		}
		done(edited, err)
	})
}

// PostDelete implements store.Messages.
func (s *Store) PostDelete(roomID, userID, messageID int64, done func(m store.Message, deleted bool, err error)) {
	var emptied store.Message
	var deleted bool
	s.post(roomID, func(ctx context.Context, t *tx) (err error) {
		emptied, deleted, err = t.empty(ctx, roomID, userID, messageID)
		return err
	}, func(err error) {
		if err != nil {
			emptied, deleted = store.Message{}, false
		}
		done(emptied, deleted, err)
	})
}

func (t *tx) edit(ctx context.Context, roomID, userID, messageID int64, content string) (store.Message, error) {
	m, err := t.messageFor(ctx, roomID, userID, messageID)
	if err != nil {
		return store.Message{}, err
	}
	if !m.DeletedAt.IsZero() {
		return store.Message{}, store.ErrDeleted
	}
	m.Content, m.EditedAt = content, t.now
	return m, t.change(ctx, m)
}

func (t *tx) empty(ctx context.Context, roomID, userID, messageID int64) (store.Message, bool, error) {
	m, err := t.messageFor(ctx, roomID, userID, messageID)
	if err != nil || !m.DeletedAt.IsZero() {
		return m, false, err
	}
	m.Content, m.DeletedAt = "", t.now
	return m, true, t.change(ctx, m)
}

// messageFor finds a message for a participant who wants to change it.
func (t *tx) messageFor(ctx context.Context, roomID, userID, messageID int64) (store.Message, error) {
	if _, err := t.member(ctx, roomID, userID); err != nil {
		return store.Message{}, err
	}
	if err := t.flush(ctx); err != nil {
		return store.Message{}, err
	}
	return messageByID(ctx, t, roomID, messageID)
}

func (t *tx) change(ctx context.Context, m store.Message) error {
	_, err := t.exec(ctx,
		`UPDATE messages SET content = ?, edited_at = ?, deleted_at = ?, changed_at = ? WHERE id = ?`,
		m.Content, value.Milli(m.EditedAt), value.Milli(m.DeletedAt), value.Milli(t.now), m.ID)
	if err != nil {
		return fmt.Errorf("change message: %w", err)
	}
	return nil
}
