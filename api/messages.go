package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"parley/protocol"
)

type newMessage struct {
	RoomPath
	Body struct {
		Content     string `json:"content" doc:"1–4000 characters, unless the server is configured otherwise." example:"Hello"`
		ClientMsgID string `json:"client_msg_id,omitempty" doc:"At most 64 characters. The same one of the same author in the same room again stores nothing and answers 200 with the first message." example:"c-17"`
	} `nameHint:"NewMessage"`
}

// sent is 201 with a new message, or 200 with the one that was there.
type sent struct {
	Status int
	Body   protocol.Message
}

func (s *server) messageRoutes() {
	const tag = "Messages"
	for _, a := range []struct{ path, suffix, note string }{
		{path: "/api/rooms/{id}/messages/"},
		{path: "/api/chat/{id}/messages/", suffix: "-alias", note: " Another name of /api/rooms/{id}/messages/."},
	} {
		register(s, operation{
			id: "list-messages" + a.suffix, method: http.MethodGet, path: a.path, tag: tag,
			summary: "A room's messages",
			detail: "Newest first, by page; or by cursor (after_seq, before_seq), where count is the number of all messages " +
				"and next goes on in the same direction; or what was changed since a time, by page." + a.note,
		}, s.listMessages)
		register(s, operation{
			id: "send-message" + a.suffix, method: http.MethodPost, path: a.path, tag: tag,
			summary: "Send a message", status: http.StatusCreated,
			detail: "As a chat_message on a socket does. It is stored when the answer comes." + a.note,
			errors: []protocol.Code{protocol.CodeUnavailable},
			answers: map[string]*huma.Response{"200": {
				Description: "The message was there already, by its client_msg_id",
				Content:     map[string]*huma.MediaType{"application/json": {Schema: ref("Message")}},
			}},
		}, s.sendMessage)
	}
}

func (s *server) listMessages(ctx context.Context, in *historyQuery) (*reply[List[protocol.Message]], error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	userID := caller(ctx).User.ID
	switch {
	case in.After.Set || in.Before.Set:
		return s.messagesByCursor(ctx, userID, in)
	case !in.ChangedSince.IsZero():
		m, total, err := s.Chat.ChangedSince(ctx, userID, in.ID, in.ChangedSince, in.slice())
		return paged(&in.PageQuery, m, total), err
	default:
		m, total, err := s.Chat.Page(ctx, userID, in.ID, in.slice())
		return paged(&in.PageQuery, m, total), err
	}
}

func (s *server) messagesByCursor(ctx context.Context, userID int64, in *historyQuery) (*reply[List[protocol.Message]], error) {
	room, err := s.Rooms.Check(ctx, userID, in.ID)
	if err != nil {
		return nil, err
	}
	var m []protocol.Message
	if in.After.Set {
		m, err = s.Chat.After(ctx, userID, in.ID, in.After.Seq, in.limit())
	} else {
		m, err = s.Chat.Before(ctx, userID, in.ID, in.Before.Seq, in.limit())
	}
	return in.onward(m, room.LastSeq), err
}

func (s *server) sendMessage(ctx context.Context, in *newMessage) (*sent, error) {
	m, created, err := s.Chat.Send(ctx, caller(ctx).User, in.ID, protocol.SendMessage{
		Content: &in.Body.Content, ClientMsgID: in.Body.ClientMsgID,
	})
	out := &sent{Status: http.StatusCreated, Body: m}
	if !created {
		out.Status = http.StatusOK
	}
	return out, err
}
