package call

import "parley/protocol"

// Action is something the caller has to do, in the order given: *SendJoined,
// *SendUserJoined, *SendUserLeft, *BroadcastState, *Forward, *Reject or
// *Replace, and nothing else. An event that was not rejected is acknowledged by
// the caller.
type Action interface{ action() }

// SendJoined is the `call_joined` that answers a Join. The caller adds the ICE
// servers.
type SendJoined struct {
	To     SessionID
	PeerID string
	Peers  []protocol.CallPeer // the other joined peers in the order they joined; never nil
}

// SendUserJoined tells the other joined peers, at least one, of a newcomer.
type SendUserJoined struct {
	To []SessionID
	protocol.UserJoined
}

// SendUserLeft tells the remaining joined peers, at least one, who is gone.
type SendUserLeft struct {
	To []SessionID
	protocol.UserLeft
}

// BroadcastState is a `call_state` for all call and chat sockets of the room.
type BroadcastState struct {
	State protocol.CallState // never changed once given out
}

// Forward passes the frame of a Relay on. The Call reuses it for the next.
type Forward struct {
	To   []SessionID // empty if a broadcast found no other peer
	From Sender
}

// Sender is what the server writes into a relayed frame as its `from_*`.
type Sender struct {
	UserID   int64
	Username string
	PeerID   string
}

// Reject answers the event's own session with an `error`; nothing has changed.
type Reject struct {
	To  SessionID
	Err *protocol.Error
}

// Replace closes a socket with protocol.CloseReplaced.
// The session is forgotten already.
type Replace struct {
	Session SessionID
}

func (*SendJoined) action()     {}
func (*SendUserJoined) action() {}
func (*SendUserLeft) action()   {}
func (*BroadcastState) action() {}
func (*Forward) action()        {}
func (*Reject) action()         {}
func (*Replace) action()        {}
