package protocol

import "strconv"

// Message is a chat message, in REST and in frames alike. A deleted one has no
// content and stays in the history.
type Message struct {
	ID          int64  `json:"id"`
	Seq         int64  `json:"seq"` // 1, 2, 3… in its room, without gaps
	RoomID      int64  `json:"room_id"`
	Author      User   `json:"author"`
	Content     string `json:"content"`
	ClientMsgID string `json:"client_msg_id,omitempty"`
	CreatedAt   Time   `json:"created_at"`
	EditedAt    *Time  `json:"edited_at,omitempty"`
	DeletedAt   *Time  `json:"deleted_at,omitempty"`
}

// AppendJSON implements Payload.
func (m Message) AppendJSON(b []byte) []byte {
	b = append(b, `{"id":`...)
	b = strconv.AppendInt(b, m.ID, 10)
	b = append(b, `,"seq":`...)
	b = strconv.AppendInt(b, m.Seq, 10)
	b = append(b, `,"room_id":`...)
	b = strconv.AppendInt(b, m.RoomID, 10)
	b = append(b, `,"author":`...)
	b = m.Author.appendJSON(b)
	b = append(b, `,"content":`...)
	b = appendString(b, m.Content)
	if m.ClientMsgID != "" {
		b = append(b, `,"client_msg_id":`...)
		b = appendString(b, m.ClientMsgID)
	}
	b = append(b, `,"created_at":`...)
	b = m.CreatedAt.appendJSON(b)
	if m.EditedAt != nil {
		b = append(b, `,"edited_at":`...)
		b = m.EditedAt.appendJSON(b)
	}
	if m.DeletedAt != nil {
		b = append(b, `,"deleted_at":`...)
		b = m.DeletedAt.appendJSON(b)
	}
	return append(b, '}')
}

// SendMessage is a client's chat_message.
type SendMessage struct {
	Content     *string `json:"content"`
	ClientMsgID string  `json:"client_msg_id"`
}

// Decode is DecodeData for a message, quick where nothing in it is odd.
func (m *SendMessage) Decode(data []byte) error {
	var quick SendMessage
	if ok := text(data).each(func(name, value []byte) (ok bool) {
		switch string(name) {
		case "content":
			var content string
			content, ok = stringOf(value)
			quick.Content = &content
		case "client_msg_id":
			quick.ClientMsgID, ok = stringOf(value)
		default:
			ok = !resembles(name, "content") && !resembles(name, "client_msg_id")
		}
		return ok
	}); ok {
		*m = quick
		return nil
	}
	return decodeSlowly(data, m)
}

// MessageRef names a stored message: the ack of a chat_message.
type MessageRef struct {
	ID  int64 `json:"id"`
	Seq int64 `json:"seq"`
}

// AppendJSON implements Payload.
func (r MessageRef) AppendJSON(b []byte) []byte {
	b = append(b, `{"id":`...)
	b = strconv.AppendInt(b, r.ID, 10)
	b = append(b, `,"seq":`...)
	b = strconv.AppendInt(b, r.Seq, 10)
	return append(b, '}')
}

// SendTyping is a client's typing.
type SendTyping struct {
	Note string `json:"note"`
}

// Decode is DecodeData for a typing, quick where nothing in it is odd.
func (t *SendTyping) Decode(data []byte) error {
	var quick SendTyping
	if ok := text(data).each(func(name, value []byte) (ok bool) {
		if string(name) != "note" {
			return !resembles(name, "note")
		}
		quick.Note, ok = stringOf(value)
		return ok
	}); ok {
		*t = quick
		return nil
	}
	return decodeSlowly(data, t)
}

// Typing tells the others that a user is writing.
type Typing struct {
	User User   `json:"user"`
	Note string `json:"note,omitempty"`
}

// AppendJSON implements Payload.
func (t Typing) AppendJSON(b []byte) []byte {
	b = append(b, `{"user":`...)
	b = t.User.appendJSON(b)
	if t.Note != "" {
		b = append(b, `,"note":`...)
		b = appendString(b, t.Note)
	}
	return append(b, '}')
}

// SendRead is a client's message_read.
type SendRead struct {
	MessageID int64 `json:"message_id"`
}

// MessageRead tells the room how far a user has read.
type MessageRead struct {
	UserID    int64 `json:"user_id"`
	MessageID int64 `json:"message_id"`
	Seq       int64 `json:"seq"`
}

// AppendJSON implements Payload.
func (r MessageRead) AppendJSON(b []byte) []byte {
	b = append(b, `{"user_id":`...)
	b = strconv.AppendInt(b, r.UserID, 10)
	b = append(b, `,"message_id":`...)
	b = strconv.AppendInt(b, r.MessageID, 10)
	b = append(b, `,"seq":`...)
	b = strconv.AppendInt(b, r.Seq, 10)
	return append(b, '}')
}

// SendEdit is a client's message_edit.
type SendEdit struct {
	MessageID int64   `json:"message_id"`
	Content   *string `json:"content"`
}

// SendDelete is a client's message_delete.
type SendDelete struct {
	MessageID int64 `json:"message_id"`
}
