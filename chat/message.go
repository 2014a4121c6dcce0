package chat

import (
	"context"
	"strings"
	"time"

	"parley/protocol"
	"parley/store"
)

// Send stores a message of author and broadcasts it, as a socket's chat_message
// does. It returns when the message is durable; created is false for a
// client_msg_id that was stored before. A stranger to the room gets not_found.
func (s *Service) Send(ctx context.Context, author protocol.User, roomID int64, in protocol.SendMessage) (m protocol.Message, created bool, err error) {
	content, err := s.checkMessage(in)
	if err != nil {
		return m, false, restError(err)
	}
	type result struct {
		message protocol.Message
		created bool
		err     error
	}
	done := make(chan result, 1)
	s.post(author.ID, roomID, content, in.ClientMsgID, func(m protocol.Message, created bool, err error) {
		done <- result{m, created, err}
	})
	select {
	case r := <-done:
		return r.message, r.created, r.err
	case <-ctx.Done():
		return m, false, ctx.Err()
	}
}

// post is the one way of a message into a room. done is called on a goroutine
// of the store's, after the broadcast was posted to the room.
func (s *Service) post(authorID, roomID int64, content, clientMsgID string, done func(protocol.Message, bool, error)) {
	in := store.NewMessage{RoomID: roomID, AuthorID: authorID, Content: content, ClientMsgID: clientMsgID}
	s.store.PostMessage(in, func(stored store.Message, created bool, err error) {
		if err != nil {
			done(protocol.Message{}, false, clientError(err))
			return
		}
		m := Wire(stored)
		s.cfg.Meter.Stored(created)
		if created {
			p := posted{message: m, committed: time.Now()}
			if !s.hub.Alone() {
				p.text = s.publishMessage(m)
			}
			s.inRoom(roomID, func(c *roomChat) { c.deliver(p) })
			s.cfg.Inbox.Changed(roomID, 0)
		}
		done(m, created, nil)
	})
}

// publishMessage tells the other nodes of a message, and returns its frame.
func (s *Service) publishMessage(m protocol.Message) (text []byte) {
	b := bulletin{id: m.ID, seq: m.Seq}
	b.encode(func(to []byte) []byte { return protocol.Append(to, protocol.TypeChatMessage, m.RoomID, m) })
	s.publish(m.RoomID, letterMessage, b.body)
	return b.text
}

// checkMessage applies the rules for what may be sent.
func (s *Service) checkMessage(in protocol.SendMessage) (content string, err error) {
	if protocol.Characters(in.ClientMsgID) > protocol.MaxClientMsgID {
		return "", protocol.Invalid("client_msg_id", "is longer than %d characters", protocol.MaxClientMsgID)
	}
	if strings.ContainsRune(in.ClientMsgID, 0) {
		return "", protocol.Invalid("client_msg_id", "must not contain NUL")
	}
	return s.checkContent(in.Content)
}

func (s *Service) checkContent(content *string) (string, error) {
	switch {
	case content == nil:
		return "", protocol.Invalid("content", "is required")
	case *content == "":
		return "", protocol.Invalid("content", "must not be empty")
	case strings.ContainsRune(*content, 0):
		return "", protocol.Invalid("content", "must not contain NUL")
	case protocol.Characters(*content) > s.cfg.MessageChars:
		e := protocol.Invalid("content", "is longer than %d characters", s.cfg.MessageChars)
		e.Code = protocol.CodeMessageTooLong
		return "", e
	}
	return *content, nil
}

func checkMessageID(id int64) error {
	if id < 1 {
		return protocol.Invalid("message_id", "a positive integer is required")
	}
	return nil
}

// Wire is a stored message as clients see it.
func Wire(m store.Message) protocol.Message {
	w := protocol.Message{
		ID: m.ID, Seq: m.Seq, RoomID: m.RoomID,
		Author:      protocol.User{ID: m.Author.ID, Username: m.Author.Username, DisplayName: m.Author.DisplayName},
		Content:     m.Content,
		ClientMsgID: m.ClientMsgID,
		CreatedAt:   protocol.At(m.CreatedAt),
	}
	if !m.EditedAt.IsZero() {
		at := protocol.At(m.EditedAt)
		w.EditedAt = &at
	}
	if !m.DeletedAt.IsZero() {
		at := protocol.At(m.DeletedAt)
		w.DeletedAt = &at
	}
	return w
}

func wireAll(ms []store.Message) []protocol.Message {
	out := make([]protocol.Message, len(ms))
	for i, m := range ms {
		out[i] = Wire(m)
	}
	return out
}
