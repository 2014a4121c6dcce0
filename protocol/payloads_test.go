package protocol_test

import (
	"encoding/json"
	"time"

	"parley/protocol"
)

// frame is one frame that the server sends.
type frame struct {
	name string // of the golden file, without "server_"
	typ  protocol.Type
	id   string // what it answers, as JSON
	room int64
	data protocol.Payload
}

func ann() protocol.User { return protocol.User{ID: 7, Username: "ann", DisplayName: "Ann <3 & co."} }

func bob() protocol.User { return protocol.User{ID: 42, Username: "bob", DisplayName: "Bob"} }

func noon() protocol.Time {
	return protocol.At(time.Date(2026, 2, 3, 12, 0, 0, 5_000_000, time.UTC))
}

func later(d time.Duration) *protocol.Time {
	t := protocol.At(noon().Add(d))
	return &t
}

func message() protocol.Message {
	return protocol.Message{
		ID: 501, Seq: 12, RoomID: 3, Author: ann(), Content: "Shall we call? <b>Müller</b> & co. 🎥",
		ClientMsgID: "0198c7c0-8f6e-7c3a-9d57-3f2f6a1f0b11", CreatedAt: noon(),
	}
}

func iceServers() []protocol.ICEServer {
	return []protocol.ICEServer{
		{URLs: []string{"stun:stun.example.org:3478"}},
		{URLs: []string{"turn:turn.example.org:3478?transport=udp", "turns:turn.example.org"}, Username: "1770120000:7", Credential: "c2VjcmV0"},
	}
}

func sessionFrames() []frame {
	lastSeq := int64(0)
	return []frame{
		{"welcome", protocol.TypeWelcome, "", 0, protocol.Welcome{
			ConnectionID: "c-1", Node: "node-a", User: ann(), RoomID: 3, LastSeq: &lastSeq, HeartbeatS: 25,
			ResumeToken: "", ResumeWindowS: 0.5, Resumed: false, Features: []string{},
		}},
		{"welcome_multiplexed", protocol.TypeWelcome, "", 0, protocol.Welcome{
			ConnectionID: "c-2", Node: "node-a", User: ann(), HeartbeatS: 25,
			ResumeToken: "r-1", ResumeWindowS: 20, Resumed: true, Features: []string{"resume"},
		}},
		{"ack", protocol.TypeAck, `"c-17"`, 0, protocol.MessageRef{ID: 501, Seq: 12}},
		{"ack_empty", protocol.TypeAck, `"a\u0022\n"`, 3, protocol.Empty{}},
		{"ack_delivery", protocol.TypeAck, `"8"`, 0, protocol.Delivery{Delivery: protocol.Delivered}},
		{"ack_delivery_epoch", protocol.TypeAck, `"8"`, 3, protocol.Delivery{Delivery: protocol.Queued, Epoch: 12}},
		{"pong", protocol.TypePong, `"1"`, 0, protocol.Empty{}},
		{"ack_subscribed", protocol.TypeAck, `"9"`, 7, protocol.Subscribed{LastSeq: &lastSeq}},
		{"unsubscribed", protocol.TypeUnsubscribed, "", 7, protocol.Unsubscribed{
			RoomID: 7, Channel: protocol.ChannelCall, Code: protocol.CloseForbidden, Reason: "no longer a participant",
		}},
		{"reconnect", protocol.TypeReconnect, "", 0, protocol.Reconnect{Reason: "restart", RetryAfterMS: 1250}},
		{"degraded", protocol.TypeDegraded, "", 0, protocol.Degraded{Reasons: []string{protocol.ReasonCluster}}},
	}
}

func chatFrames() []frame {
	edited, deleted := message(), message()
	edited.EditedAt = later(time.Minute)
	deleted.Content, deleted.ClientMsgID, deleted.DeletedAt = "", "", later(time.Hour)
	return []frame{
		{"chat_message", protocol.TypeChatMessage, "", 3, message()},
		{"message_edit", protocol.TypeMessageEdit, "", 3, edited},
		{"message_delete", protocol.TypeMessageDelete, "", 3, deleted},
		{"message_read", protocol.TypeMessageRead, "", 3, protocol.MessageRead{UserID: 7, MessageID: 501, Seq: 12}},
		{"typing", protocol.TypeTyping, "", 3, protocol.Typing{User: ann(), Note: "…"}},
		{"typing_bare", protocol.TypeTyping, "", 3, protocol.Typing{User: ann()}},
		{"presence_state", protocol.TypePresenceState, "", 3, protocol.PresenceState{Users: []protocol.User{ann(), bob()}, Count: 2}},
		{"presence_state_large", protocol.TypePresenceState, "", 3, protocol.PresenceState{Users: []protocol.User{}, Count: 201}},
		{"user_online", protocol.TypeUserOnline, "", 3, protocol.PresenceChange{User: bob()}},
		{"user_offline", protocol.TypeUserOffline, "", 3, protocol.PresenceChange{User: bob()}},
	}
}

func callFrames() []frame {
	return []frame{
		{"call_joined", protocol.TypeCallJoined, "", 3, protocol.CallJoined{
			PeerID: "p-1", ICEServers: iceServers(), ExpiresAt: later(time.Hour),
			Participants: []protocol.CallPeer{
				{UserID: 42, Username: "bob", PeerID: "p-2", State: protocol.ParticipantActive, Polite: true},
				{UserID: 43, Username: "carol", PeerID: "p-3", State: protocol.ParticipantSuspended, Deadline: later(20 * time.Second), Polite: true},
			},
		}},
		{"call_joined_first", protocol.TypeCallJoined, "", 3, protocol.CallJoined{
			PeerID: "p-1", Participants: []protocol.CallPeer{}, ICEServers: []protocol.ICEServer{},
		}},
		{"user_joined", protocol.TypeUserJoined, "", 3, protocol.UserJoined{User: ann(), PeerID: "p-1", Polite: false}},
		{"user_left", protocol.TypeUserLeft, "", 3, protocol.UserLeft{UserID: 7, PeerID: "p-1", Reason: protocol.LeaveReplaced}},
		{"call_state", protocol.TypeCallState, "", 3, protocol.CallState{
			Participants: []protocol.CallParticipant{
				{UserID: 7, Username: "ann", PeerID: "p-1", State: protocol.ParticipantSuspended, Deadline: later(20 * time.Second)},
				{UserID: 42, Username: "bob", State: protocol.ParticipantConnecting},
			},
			RoomState: protocol.CallConnecting,
		}},
		{"signal_expired", protocol.TypeSignalExpired, "", 3, protocol.SignalExpired{
			UserID: 7, PeerID: "p-1", Type: protocol.TypeOffer, ID: json.RawMessage(`"a\u0022\n<"`),
		}},
		{"signal_expired_without_id", protocol.TypeSignalExpired, "", 3, protocol.SignalExpired{
			UserID: 7, PeerID: "p-1", Type: protocol.TypeICECandidate,
		}},
		{"ice_servers", protocol.TypeICEServers, "", 3, protocol.ICEServers{ICEServers: iceServers(), ExpiresAt: later(time.Hour)}},
	}
}

func inboxFrames() []frame {
	return []frame{
		{"room_added", protocol.TypeRoomAdded, "", 3, protocol.RoomAdded{Room: aRoom()}},
		{"room_removed", protocol.TypeRoomRemoved, "", 3, protocol.RoomRemoved{RoomID: 3, Reason: protocol.LeaveRemoved}},
		{"unread", protocol.TypeUnread, "", 3, protocol.Unread{RoomID: 3, UnreadCount: 2, LastSeq: 12}},
		{"incoming_call_begun", protocol.TypeIncomingCall, "", 3, protocol.IncomingCall{RoomID: 3, From: ann()}},
	}
}

func aRoom() protocol.Room {
	return protocol.Room{
		ID: 3, Name: "Tea & talk", Owner: ann(), Private: true, ParticipantCount: 2, UnreadCount: 1,
		LastSeq: 12, CreatedAt: noon(), UpdatedAt: *later(time.Hour),
	}
}

func ringFrames() []frame {
	in := protocol.IncomingCall{RoomID: 3, InviteID: "i-1", From: ann(), ExpiresAt: later(30 * time.Second), LifetimeMS: 30_000}
	answer := protocol.InviteAnswer{InviteID: "i-1", User: bob()}
	return []frame{
		{"ack_invite", protocol.TypeAck, `"9"`, 3, protocol.Invited{InviteID: "i-1", ExpiresAt: *later(30 * time.Second), Invited: []int64{42}}},
		{"incoming_call", protocol.TypeIncomingCall, "", 3, in},
		{"call_accept", protocol.TypeCallAccept, "", 3, answer},
		{"call_decline", protocol.TypeCallDecline, "", 3, answer},
		{"call_cancel", protocol.TypeCallCancel, "", 3, protocol.InviteRef{InviteID: "i-1"}},
		{"call_answered_elsewhere", protocol.TypeCallAnsweredElsewhere, "", 3, protocol.AnsweredElsewhere{
			InviteID: "i-1", Answer: protocol.AnswerAccepted,
		}},
		{"call_missed", protocol.TypeCallMissed, "", 3, protocol.MissedCall{ID: 17, RoomID: 3, From: ann(), CreatedAt: noon()}},
	}
}

// restPayloads are those that frames do not carry, by the name of their file.
func restPayloads() map[string]any {
	return map[string]any{
		"account":             protocol.Account{ID: 7, Username: "ann", Email: "ann@example.org", DisplayName: "Ann", CreatedAt: noon()},
		"room":                aRoom(),
		"participant":         protocol.Participant{ID: 7, Username: "ann", DisplayName: "Ann", Role: protocol.RoleOwner, JoinedAt: noon()},
		"ice_servers":         protocol.ICEServers{ICEServers: iceServers(), ExpiresAt: later(time.Hour)},
		"ice_servers_no_turn": protocol.ICEServers{ICEServers: []protocol.ICEServer{}},
	}
}
