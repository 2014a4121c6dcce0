package api_test

import (
	"context"
	"fmt"
	"time"

	"parley/auth"
	"parley/protocol"
	"parley/store"
	"parley/store/sqlite"
)

func roomPath(id int64) string { return fmt.Sprintf("/api/rooms/%d/", id) }

// chat is the least that keeps messages as the API's Chat must.
type chat struct {
	store *sqlite.Store
	err   error // to fail with, if set
	panic bool
}

func (c *chat) may(ctx context.Context, userID, roomID int64) error {
	if c.panic {
		panic("chat fell over")
	}
	if c.err != nil {
		return c.err
	}
	in, err := c.store.IsParticipant(ctx, roomID, userID)
	if err != nil {
		return err
	}
	return auth.MaySeeRoom(in)
}

func (c *chat) Send(ctx context.Context, author protocol.User, roomID int64, in protocol.SendMessage) (protocol.Message, bool, error) {
	if err := c.may(ctx, author.ID, roomID); err != nil {
		return protocol.Message{}, false, err
	}
	if *in.Content == "" {
		return protocol.Message{}, false, protocol.Invalid("content", "required")
	}
	type result struct {
		m       store.Message
		created bool
		err     error
	}
	done := make(chan result, 1)
	c.store.PostMessage(store.NewMessage{
		RoomID: roomID, AuthorID: author.ID, Content: *in.Content, ClientMsgID: in.ClientMsgID,
	}, func(m store.Message, created bool, err error) { done <- result{m, created, err} })
	r := <-done
	return message(r.m), r.created, r.err
}

func (c *chat) Page(ctx context.Context, userID, roomID int64, p store.Page) ([]protocol.Message, int, error) {
	if err := c.may(ctx, userID, roomID); err != nil {
		return nil, 0, err
	}
	m, total, err := c.store.MessagesPage(ctx, roomID, p)
	return messages(m), total, err
}

func (c *chat) After(ctx context.Context, userID, roomID, seq int64, limit int) ([]protocol.Message, error) {
	if err := c.may(ctx, userID, roomID); err != nil {
		return nil, err
	}
	m, err := c.store.MessagesAfter(ctx, roomID, seq, limit)
	return messages(m), err
}

func (c *chat) Before(ctx context.Context, userID, roomID, seq int64, limit int) ([]protocol.Message, error) {
	if err := c.may(ctx, userID, roomID); err != nil {
		return nil, err
	}
	m, err := c.store.MessagesBefore(ctx, roomID, seq, limit)
	return messages(m), err
}

func (c *chat) ChangedSince(ctx context.Context, userID, roomID int64, since time.Time, p store.Page) ([]protocol.Message, int, error) {
	if err := c.may(ctx, userID, roomID); err != nil {
		return nil, 0, err
	}
	m, total, err := c.store.MessagesChangedSince(ctx, roomID, since, p)
	return messages(m), total, err
}

func messages(in []store.Message) []protocol.Message {
	var out []protocol.Message // nil without any, which the API must not show
	for _, m := range in {
		out = append(out, message(m))
	}
	return out
}

func message(m store.Message) protocol.Message {
	out := protocol.Message{
		ID: m.ID, Seq: m.Seq, RoomID: m.RoomID, Content: m.Content, ClientMsgID: m.ClientMsgID,
		Author:    protocol.User{ID: m.Author.ID, Username: m.Author.Username, DisplayName: m.Author.DisplayName},
		CreatedAt: protocol.At(m.CreatedAt),
	}
	if !m.EditedAt.IsZero() {
		at := protocol.At(m.EditedAt)
		out.EditedAt = &at
	}
	return out
}

// calls is a room's call as the test sets it.
type calls struct{ state protocol.CallState }

func (c *calls) CallState(context.Context, int64) (protocol.CallState, error) { return c.state, nil }
