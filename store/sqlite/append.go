package sqlite

import (
	"context"
	"errors"
	"fmt"

	"parley/store"
)

// PostMessage implements store.Messages.
func (s *Store) PostMessage(m store.NewMessage, done func(m store.Message, created bool, err error)) {
	var stored store.Message
	var created bool
	s.post(func(ctx context.Context, t *tx) (err error) {
		stored, created, err = t.append(ctx, m)
		return err
	}, func(err error) {
		if err != nil {
			stored, created = store.Message{}, false
		}
		done(stored, created, err)
	})
}

func (t *tx) append(ctx context.Context, m store.NewMessage) (stored store.Message, created bool, err error) {
	author, err := t.member(ctx, m.RoomID, m.AuthorID)
	if err != nil {
		return store.Message{}, false, err
	}
	if m.ClientMsgID != "" {
		first, err := t.firstOf(ctx, clientKey{m.RoomID, m.AuthorID, m.ClientMsgID})
		if !errors.Is(err, store.ErrNotFound) {
			return first, false, err
		}
	}
	room := t.rooms[m.RoomID]
	room.lastSeq++
	room.grown = true
	stored, err = t.add(ctx, store.Message{
		Seq:         room.lastSeq,
		RoomID:      m.RoomID,
		Author:      author,
		Content:     m.Content,
		ClientMsgID: m.ClientMsgID,
		CreatedAt:   t.now,
	})
	return stored, err == nil, err
}

// firstOf finds the message that a client has sent before under the same id:
// store.ErrNotFound if there is none.
func (t *tx) firstOf(ctx context.Context, key clientKey) (store.Message, error) {
	if m, ok := t.messages.byOwn[key]; ok {
		return m, nil
	}
	id, err := one(ctx, t, scanInt, `
		SELECT id FROM messages
		WHERE room_id = ? AND author_id = ? AND client_msg_id = ? AND client_msg_id <> ''`,
		key.room, key.author, key.id)
	if errors.Is(err, store.ErrNotFound) {
		return store.Message{}, err
	}
	if err != nil {
		return store.Message{}, fmt.Errorf("client message id: %w", err)
	}
	return messageByID(ctx, t, key.room, id)
}
