package chat

import (
	"context"

	"parley/auth"
	"parley/protocol"
	"parley/room"
	"parley/store"
)

// answer ends a frame's way through the store, from any goroutine. size is what
// begin was told.
func (c *roomChat) answer(s *room.Session, id protocol.ID, size int, data protocol.Payload, err error) {
	c.room.Post(func() {
		c.end(s, size)
		if err != nil {
			s.Fail(id, err)
			return
		}
		s.Ack(id, data)
	})
}

func (c *roomChat) message(s *room.Session, e protocol.Envelope) error {
	var in protocol.SendMessage
	if err := in.Decode(e.Data); err != nil {
		return err
	}
	content, err := c.svc.checkMessage(in)
	if err != nil {
		return err
	}
	id := e.ID.Clone()
	c.begin(s, len(content))
	c.svc.post(s.User().ID, c.room.ID(), content, in.ClientMsgID, func(m protocol.Message, _ bool, err error) {
		c.answer(s, id, len(content), protocol.MessageRef{ID: m.ID, Seq: m.Seq}, err)
	})
	return nil
}

func (c *roomChat) typing(s *room.Session, e protocol.Envelope) error {
	var in protocol.SendTyping
	if err := in.Decode(e.Data); err != nil {
		return err
	}
	if protocol.Characters(in.Note) > protocol.MaxTypingNote {
		return protocol.Invalid("note", "is longer than %d characters", protocol.MaxTypingNote)
	}
	frame := room.EncodeIn(c.room, protocol.TypeTyping, protocol.Typing{User: *s.User(), Note: in.Note})
	c.room.BroadcastLive(protocol.ChannelChat, frame, room.Except{User: s.User().ID})
	if !c.room.Alone() {
		b := bulletin{id: s.User().ID}
		b.encode(func(to []byte) []byte { return append(to, frame.Payload()...) })
		c.svc.publish(c.room.ID(), letterTyping, b.body)
	}
	s.Ack(e.ID, protocol.Empty{})
	return nil
}

func (c *roomChat) read(s *room.Session, e protocol.Envelope) error {
	var in protocol.SendRead // a message_id of 0 is the room's newest
	if e.Type == protocol.TypeMessageRead {
		if err := protocol.DecodeData(e.Data, &in); err != nil {
			return err
		}
		if err := checkMessageID(in.MessageID); err != nil {
			return err
		}
	}
	id, user := e.ID.Clone(), s.User().ID
	c.begin(s, 0)
	c.svc.store.PostRead(c.room.ID(), user, in.MessageID, func(r store.ReadMarker, moved bool, err error) {
		event := protocol.MessageRead{UserID: user, MessageID: r.MessageID, Seq: r.Seq}
		if moved {
			c.svc.publishEvent(c.room.ID(), readOf(c.room.ID(), event))
			c.svc.cfg.Inbox.Changed(c.room.ID(), user)
		}
		c.answer(s, id, 0, event, clientError(err))
	})
	return nil
}

func (c *roomChat) edit(s *room.Session, e protocol.Envelope) error {
	var in protocol.SendEdit
	if err := protocol.DecodeData(e.Data, &in); err != nil {
		return err
	}
	if err := checkMessageID(in.MessageID); err != nil {
		return err
	}
	content, err := c.svc.checkContent(in.Content)
	if err != nil {
		return err
	}
	id, user := e.ID.Clone(), s.User().ID
	c.change(s, id, in.MessageID, func(_ context.Context, author int64) error {
		return auth.MayEdit(user, author)
	}, func() {
		c.svc.store.PostEdit(c.room.ID(), user, in.MessageID, content, func(m store.Message, err error) {
			c.changed(s, id, m, true, err)
		})
	})
	return nil
}

func (c *roomChat) delete(s *room.Session, e protocol.Envelope) error {
	var in protocol.SendDelete
	if err := protocol.DecodeData(e.Data, &in); err != nil {
		return err
	}
	if err := checkMessageID(in.MessageID); err != nil {
		return err
	}
	id, user := e.ID.Clone(), s.User().ID
	c.change(s, id, in.MessageID, func(ctx context.Context, author int64) error {
		r, err := c.svc.store.RoomByID(ctx, c.room.ID())
		if err != nil {
			return err
		}
		return auth.MayDelete(user, author, r.Owner.ID)
	}, func() {
		c.svc.store.PostDelete(c.room.ID(), user, in.MessageID, func(m store.Message, deleted bool, err error) {
			c.changed(s, id, m, deleted, err)
		})
	})
	return nil
}

// change looks up, off the shard, whether a message may be changed, and then
// changes it. The session is not read from meanwhile: its changes happen in the
// order in which it asked.
func (c *roomChat) change(s *room.Session, id protocol.ID, messageID int64, may func(ctx context.Context, author int64) error, then func()) {
	s.PauseReading()
	c.svc.background(func(ctx context.Context) {
		m, err := c.svc.store.MessageByID(ctx, c.room.ID(), messageID)
		if err == nil {
			err = may(ctx, m.Author.ID)
		}
		if err != nil {
			c.changed(s, id, m, false, err)
			return
		}
		then()
	})
}

// changed tells the room, then the one who asked. It is called from any
// goroutine, in commit order.
func (c *roomChat) changed(s *room.Session, id protocol.ID, m store.Message, news bool, err error) {
	if e, _ := eventOf(m); err == nil && news {
		c.svc.publishEvent(c.room.ID(), e)
		if e.kind == letterDelete {
			c.svc.cfg.Inbox.Changed(c.room.ID(), 0)
		}
	}
	c.room.Post(func() {
		s.ResumeReading()
		if err != nil {
			s.Fail(id, clientError(err))
			return
		}
		s.Ack(id, protocol.MessageRef{ID: m.ID, Seq: m.Seq})
	})
}
