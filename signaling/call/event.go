package call

import (
	"time"

	"parley/protocol"
)

// SessionID is the caller's handle of one call socket in this room, on whichever
// node. It is never reused while the Call remembers it.
type SessionID uint64

// FrameID is the caller's handle of a frame that is to be relayed. It is never
// reused while the frame is parked.
type FrameID uint64

// Event is something that happened to the call: Connect, Join, Leave, Suspend,
// Resume, Disconnect, Relay, Arrived or Return, and nothing else.
type Event interface{ event() }

// Connect tells that a call socket was opened: its user is `connecting`.
// A session that is connected already is left as it is.
type Connect struct {
	Session SessionID
	User    protocol.User
	PeerID  string // unique in the room; the peer's id from its first join on
	// Conn names the session's connection among those of all nodes; "" where there
	// is one node.
	Conn string
	// Formerly is the Conn that the session was on another node, if the user has one of
	// that name in the call: it goes on as that one was, with the peer id and what it
	// Brought.
	Formerly string
	Brought  *Brought
}

// Join is a `join_call`. On a session that has joined it only repeats the
// answer.
type Join struct {
	Session SessionID
	// NextPeerID, unique in the room, is used if the session has left the call
	// since its peer id was given out; otherwise it is ignored.
	NextPeerID string
	// Formerly is the Conn that the session takes the place of, if the user has a peer
	// of that name in the call, whose session is lost: it joins as that peer.
	Formerly string
	// At numbers the join where there are several nodes: it grows with time, and is
	// hardly ever the same twice. 0: joins are counted.
	At uint64
}

// Leave is a `leave_call`. The socket stays, its user is no participant until
// the next Join. It does nothing on a session that is no participant.
type Leave struct {
	Session SessionID
}

// Suspend tells that a session's socket is lost and may come back until a
// certain time, when the caller says Disconnect. A peer is shown as `suspended`,
// and what is for it is parked; told again, it has the new deadline. A session
// that has not joined stays as it is.
type Suspend struct {
	Session SessionID
	Until   time.Time
}

// Resume tells that the session has a socket again: what is parked for it
// follows. It does nothing on one that is not suspended.
type Resume struct {
	Session SessionID
}

// Disconnect tells that a socket is gone for good. It does nothing on a session
// that is not connected, such as one that was replaced.
type Disconnect struct {
	Session SessionID
	Reason  protocol.LeaveReason // what the other peers are told
}

// Relay is an `offer`, `answer`, `ice_candidate` or `signal` to be passed on.
type Relay struct {
	Session SessionID
	Target  Target
	Type    protocol.Type // any other than the first three is relayed as a signal
	Frame   FrameID       // names the frame in actions
	Bytes   int           // what it counts as while it is parked
}

// Arrived is a frame that a peer of another node sends one of this node's.
// Its Forward names the one recipient.
type Arrived struct {
	From    SessionID
	Session SessionID // whom it is for
	Type    protocol.Type
	Epoch   int64
	Frame   FrameID
	Bytes   int
}

// Return is a frame that was passed on to another node and has come back: the
// peer that it is for is on its way to yet another, or already there. Or it is one
// that its sender brought along, see Outgoing. Its Forward names the one recipient. The
// frame is parked here until it is known where the peer is.
type Return struct {
	Session SessionID // whose frame it is
	PeerID  string    // of whom it is for
	Boot    string    // of the node that did not take it; "": it has been to none
	Behind  bool      // the caller has an earlier one for the peer that waits
	Type    protocol.Type
	Epoch   int64
	Frame   FrameID
	Bytes   int
}

// Target names whom a relayed frame is for. PeerID wins over UserID; with
// neither the frame is for every other peer of the call. PeerID is read within
// Step and not kept: it may be a part of the frame.
type Target struct {
	UserID int64
	PeerID []byte
}

func (t Target) everyone() bool { return t.UserID == 0 && len(t.PeerID) == 0 }

func (Connect) event()    {}
func (Join) event()       {}
func (Leave) event()      {}
func (Suspend) event()    {}
func (Resume) event()     {}
func (Disconnect) event() {}
func (Relay) event()      {}
func (Arrived) event()    {}
func (Return) event()     {}
