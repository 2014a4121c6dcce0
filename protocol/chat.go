package protocol

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

// SendMessage is a client's chat_message.
type SendMessage struct {
	Content     *string `json:"content"`
	ClientMsgID string  `json:"client_msg_id"`
}

// MessageRef names a stored message: the ack of a chat_message.
type MessageRef struct {
	ID  int64 `json:"id"`
	Seq int64 `json:"seq"`
}

// SendTyping is a client's typing.
type SendTyping struct {
	Note string `json:"note"`
}

// Typing tells the others that a user is writing.
type Typing struct {
	User User   `json:"user"`
	Note string `json:"note,omitempty"`
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

// SendEdit is a client's message_edit.
type SendEdit struct {
	MessageID int64   `json:"message_id"`
	Content   *string `json:"content"`
}

// SendDelete is a client's message_delete.
type SendDelete struct {
	MessageID int64 `json:"message_id"`
}

// PresenceState is who is online in a room. Above MaxPresenceList users it
// holds the count alone.
type PresenceState struct {
	Users []User `json:"users"`
	Count int    `json:"count"`
}

// PresenceChange is the payload of user_online and user_offline.
type PresenceChange struct {
	User User `json:"user"`
}
