package call

import "parley/protocol"

// Action is something the caller has to do, in the order given: *SendJoined,
// *SendUserJoined, *SendUserLeft, *SendExpired, *BroadcastState, *Forward,
// *Deliver, *Drop, *Reject, *Replace or *Evict, and nothing else. An event that was not
// rejected is acknowledged by the caller. Where there are several nodes, an action
// is for this node's sessions, but for the recipients with a Boot.
type Action interface{ action() }

// Rejection is why an event was rejected, nil if it was not.
func Rejection(actions []Action) error {
	for _, a := range actions {
		if r, is := a.(*Reject); is {
			return r.Err
		}
	}
	return nil
}

// SendJoined is the `call_joined` that answers a Join. The caller adds the ICE
// servers.
type SendJoined struct {
	To     SessionID
	PeerID string
	Peers  []protocol.CallPeer // the other joined peers in the order they joined; never nil
}

// SendUserJoined tells other joined peers, at least one, of a newcomer.
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

// SendExpired tells the sender of a frame that it will not reach its target. The
// caller adds the frame's id, and forgets the frame if it was parked; if not, it
// is the frame of this very Relay.
type SendExpired struct {
	To    SessionID
	Boot  string // of the sender's node, if it is another
	Frame FrameID
	For   SessionID // the target
	protocol.SignalExpired
}

// Forward passes the frame of a Relay on. The Call reuses it for the next.
type Forward struct {
	To   []Recipient // in the order they joined; empty if a broadcast found no other peer
	From Sender
}

// Recipient is who gets a relayed frame.
type Recipient struct {
	Session SessionID // of a Parked frame: the one as which it is parked
	Epoch   int64     // its from_epoch; 0: none, for a signal
	// Parked has the caller keep the frame for the session, by its FrameID, until
	// Deliver, Drop or SendExpired says what becomes of it.
	Parked bool
	// Boot is the session's node, if it is another. Whether the session is there, and
	// gets the frame at once, is for that node to say.
	Boot string
}

// Deliver sends a session what is parked for it, in order. The caller keeps the
// frames no longer.
type Deliver struct {
	To     SessionID
	Boot   string    // of its node, if it is another
	For    SessionID // as which they were parked: another one if the peer has moved
	Frames []FrameID
}

// Drop has the caller forget frames that are parked for a session: they were
// superseded, or their sender is gone.
type Drop struct {
	For    SessionID
	Frames []FrameID
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

// Evict closes a socket so that its client comes back, as somebody new: the others
// believed this node dead, or the peer has gone on from elsewhere.
// The session is forgotten already.
type Evict struct {
	Session SessionID
}

func (*SendJoined) action()     {}
func (*SendUserJoined) action() {}
func (*SendUserLeft) action()   {}
func (*SendExpired) action()    {}
func (*BroadcastState) action() {}
func (*Forward) action()        {}
func (*Deliver) action()        {}
func (*Drop) action()           {}
func (*Reject) action()         {}
func (*Replace) action()        {}
func (*Evict) action()          {}
