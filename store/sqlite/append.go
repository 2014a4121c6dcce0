package sqlite

import (
	"context"
	"errors"
	"fmt"

	"parley/store"
)

// posting is a message on its way into the database.
type posting struct {
	message store.NewMessage
	done    func(m store.Message, created bool, err error)

	// Owned by the writer's goroutine, set anew by each run.
	room    *roomTail
	stored  store.Message // ID and Seq are set when it is inserted
	created bool
}

// PostMessage implements store.Messages.
func (s *Store) PostMessage(m store.NewMessage, done func(m store.Message, created bool, err error)) {
	s.enqueue(m.RoomID, &posting{message: m, done: done})
}

// run implements op: what can be refused is known at once, the rest when the
// message is inserted together with others.
func (p *posting) run(ctx context.Context, t *tx) error {
	m := &p.message
	author, err := t.member(ctx, m.RoomID, m.AuthorID)
	if err != nil {
		return err
	}
	p.room = author.room
	p.created = false
	p.stored = store.Message{
		RoomID:      m.RoomID,
		Author:      author.Author,
		Content:     m.Content,
		ClientMsgID: m.ClientMsgID,
		CreatedAt:   t.now,
	}
	return t.append(ctx, p)
}

func (p *posting) finish(err error) {
	if err != nil {
		p.done(store.Message{}, false, err)
		return
	}
	p.done(p.stored, p.created, nil)
}

// resent finds the message that a client sent before under the same id; double
// is what told of it.
func (t *tx) resent(ctx context.Context, p *posting, double error) error {
	m := &p.message
	id, err := one(ctx, t, scanInt, `
		SELECT id FROM messages
		WHERE room_id = ? AND author_id = ? AND client_msg_id = ? AND client_msg_id <> ''`,
		m.RoomID, m.AuthorID, m.ClientMsgID)
	if errors.Is(err, store.ErrNotFound) {
		return double // of another kind: no answer, but a failure
	}
	if err != nil {
		return fmt.Errorf("client message id: %w", err)
	}
	p.stored, err = messageByID(ctx, t, m.RoomID, id)
	return err
}
