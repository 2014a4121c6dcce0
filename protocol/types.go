package protocol

// Type is the `type` of a frame.
type Type string

// Frames that any socket may carry.
const (
	TypeWelcome   Type = "welcome"
	TypeAck       Type = "ack"
	TypeError     Type = "error"
	TypePing      Type = "ping"
	TypePong      Type = "pong"
	TypeReconnect Type = "reconnect"
	TypeDegraded  Type = "degraded"
	TypeReceived  Type = "received"
)

// Frames of multiplexed sockets.
const (
	TypeSubscribe    Type = "subscribe"
	TypeUnsubscribe  Type = "unsubscribe"
	TypeUnsubscribed Type = "unsubscribed"
)

// Chat frames.
const (
	TypeChatMessage    Type = "chat_message"
	TypeTyping         Type = "typing"
	TypeMessageRead    Type = "message_read"
	TypeMarkRoomAsRead Type = "mark_room_as_read"
	TypeMessageEdit    Type = "message_edit"
	TypeMessageDelete  Type = "message_delete"
	TypePresenceState  Type = "presence_state"
	TypeUserOnline     Type = "user_online"
	TypeUserOffline    Type = "user_offline"
)

// Call frames.
const (
	TypeJoinCall     Type = "join_call"
	TypeLeaveCall    Type = "leave_call"
	TypeCallJoined   Type = "call_joined"
	TypeUserJoined   Type = "user_joined"
	TypeUserLeft     Type = "user_left"
	TypeCallState    Type = "call_state"
	TypeOffer        Type = "offer"
	TypeAnswer       Type = "answer"
	TypeICECandidate Type = "ice_candidate"
	TypeSignal       Type = "signal"
	TypePeerState    Type = "peer_state"

	TypeSignalExpired Type = "signal_expired"
	TypeICEServers    Type = "ice_servers"
)

// Frames of the user-wide channel.
const (
	TypeRoomAdded   Type = "room_added"
	TypeRoomRemoved Type = "room_removed"
	TypeUnread      Type = "unread"
)

// Frames that ring: of any socket of a room.
const (
	TypeCallInvite            Type = "call_invite"
	TypeCallAccept            Type = "call_accept"
	TypeCallDecline           Type = "call_decline"
	TypeCallCancel            Type = "call_cancel"
	TypeIncomingCall          Type = "incoming_call" // of the user-wide channel too
	TypeCallAnsweredElsewhere Type = "call_answered_elsewhere"
	TypeCallMissed            Type = "call_missed"
)

// ClientTypes lists the frames that a client may send, in documented order.
func ClientTypes() []Type {
	return []Type{
		TypePing, TypeReceived, TypeSubscribe, TypeUnsubscribe,
		TypeChatMessage, TypeTyping, TypeMessageRead, TypeMarkRoomAsRead,
		TypeMessageEdit, TypeMessageDelete,
		TypeJoinCall, TypeLeaveCall, TypeOffer, TypeAnswer, TypeICECandidate,
		TypeSignal, TypePeerState,
		TypeCallInvite, TypeCallAccept, TypeCallDecline, TypeCallCancel,
	}
}

// ServerTypes lists the frames that the server may send, in documented order.
func ServerTypes() []Type {
	return []Type{
		TypeWelcome, TypeAck, TypeError, TypePong, TypeReconnect, TypeDegraded, TypeUnsubscribed,
		TypeChatMessage, TypeTyping, TypeMessageRead, TypeMessageEdit, TypeMessageDelete,
		TypePresenceState, TypeUserOnline, TypeUserOffline,
		TypeCallJoined, TypeUserJoined, TypeUserLeft, TypeCallState,
		TypeOffer, TypeAnswer, TypeICECandidate, TypeSignal, TypeSignalExpired, TypeICEServers,
		TypeRoomAdded, TypeRoomRemoved, TypeUnread, TypeIncomingCall,
		TypeCallAccept, TypeCallDecline, TypeCallCancel, TypeCallAnsweredElsewhere, TypeCallMissed,
	}
}

// Bulk reports whether frames of the type may wait for those of calls, where a
// socket has both: what chat rooms and the user-wide channel say, and what rings,
// which is in order among itself.
func (t Type) Bulk() bool {
	switch t {
	case TypeChatMessage, TypeTyping, TypeMessageRead, TypeMessageEdit, TypeMessageDelete,
		TypePresenceState, TypeUserOnline, TypeUserOffline,
		TypeRoomAdded, TypeRoomRemoved, TypeUnread,
		TypeIncomingCall, TypeCallAccept, TypeCallDecline, TypeCallCancel,
		TypeCallAnsweredElsewhere, TypeCallMissed:
		return true
	}
	return false
}
