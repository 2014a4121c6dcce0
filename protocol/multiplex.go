package protocol

// Subscribe is the data of subscribe and unsubscribe on a multiplexed socket.
type Subscribe struct {
	RoomID   int64   `json:"room_id"` // or in the envelope
	Channel  Channel `json:"channel"`
	SinceSeq *int64  `json:"since_seq"` // chat: the client has every message up to it
}

// Subscribed answers subscribe.
type Subscribed struct {
	LastSeq *int64 `json:"last_seq,omitempty"` // chat
}

// AppendJSON implements Payload.
func (s Subscribed) AppendJSON(b []byte) []byte { return appendJSON(b, s) }

// Unsubscribed tells that a subscription has ended by no wish of the client's.
// Code and Reason are those that a socket of that room would be closed with.
type Unsubscribed struct {
	RoomID  int64     `json:"room_id"`
	Channel Channel   `json:"channel"`
	Code    CloseCode `json:"code"`
	Reason  string    `json:"reason"`
}

// AppendJSON implements Payload.
func (u Unsubscribed) AppendJSON(b []byte) []byte { return appendJSON(b, u) }

// Received tells the server what has come: the first N frames behind the last
// welcome. They need not be kept any longer.
type Received struct {
	N int `json:"n"`
}

// Channel is the one that takes frames of the type from clients, "" if they are
// of none.
func (t Type) Channel() Channel {
	switch t {
	case TypeChatMessage, TypeTyping, TypeMessageRead, TypeMarkRoomAsRead, TypeMessageEdit, TypeMessageDelete:
		return ChannelChat
	case TypeJoinCall, TypeLeaveCall, TypeOffer, TypeAnswer, TypeICECandidate, TypeSignal, TypePeerState:
		return ChannelCall
	}
	return ""
}
