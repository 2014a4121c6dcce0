package cluster

import (
	"time"

	"parley/protocol"
)

// Event is a fact that a client noted.
type Event struct {
	At     time.Duration // since the run began
	Socket int           // of the line, counted from 1
	Node   string        // that the socket is with; empty while there is none
	Fact   Fact
}

// Fact is what a client did or saw.
type Fact interface {
	// Where is the room that it is about; 0: the connection.
	Where() int64
}

// About is the room that a fact is about.
type About struct{ Room int64 }

// Where implements Fact.
func (a About) Where() int64 { return a.Room }

// Facts of the connection.
type (
	// Welcomed says that a socket was opened. If it is not resumed, all begins afresh.
	Welcomed struct {
		About
		Connection string
		Resumed    bool
	}
	// Lost says that the socket is gone, whoever gave it up.
	Lost struct{ About }
	// Departed says that the client left in good order, with nothing to come back to.
	Departed struct{ About }
	// Shut says that the server ended a socket or, with a room, a subscription.
	Shut struct {
		About
		Channel protocol.Channel // of the subscription
		Code    protocol.CloseCode
	}
	// Beat says that a ping of this socket was answered: what had been kept has come.
	Beat struct{ About }
)

// Facts of a chat.
type (
	// Begun says that the client asked for all messages after a seq.
	Begun struct {
		About
		Seq int64
	}
	// Posted says that the client sent a message for the first time.
	Posted struct {
		About
		ClientID string
	}
	// Stored says that the server acknowledged a message.
	Stored struct {
		About
		ClientID string
		Ref      protocol.MessageRef
	}
	// Refused says that the server refused a message for good.
	Refused struct {
		About
		ClientID string
		Code     protocol.Code
	}
	// Shown says that a message came.
	Shown struct {
		About
		Ref      protocol.MessageRef
		ClientID string
	}
	// Present says that the list of who is online came.
	Present struct {
		About
		Users []int64
	}
	// Appeared says that news came of one user.
	Appeared struct {
		About
		User   int64
		Online bool
	}
)

// Facts of a call.
type (
	// Called says that the call's state came.
	Called struct {
		About
		Participants []protocol.CallParticipant
	}
	// Joined says that the client is in the call, with those others.
	Joined struct {
		About
		Peer   string
		Others []string
	}
	// Leaving says that the client asked to leave.
	Leaving struct{ About }
	// PeerCame says that another came.
	PeerCame struct {
		About
		Peer string
		User int64
	}
	// PeerLeft says that another left.
	PeerLeft struct {
		About
		Peer   string
		Reason protocol.LeaveReason
	}
)

// Facts of what peers send each other.
type (
	// Signaled says that the client sent a frame to a peer. N is unique in the run and grows.
	Signaled struct {
		About
		N    int64
		Type protocol.Type
		To   string
	}
	// Answered is what the server said of a frame.
	Answered struct {
		About
		N        int64
		Delivery protocol.DeliveryState // empty: refused
		Epoch    int64
		Code     protocol.Code
	}
	// Expired says that the server took back that a frame was queued.
	Expired struct {
		About
		N int64
	}
	// Heard says that a peer's frame came.
	Heard struct {
		About
		N     int64
		Type  protocol.Type
		From  string
		Epoch int64
	}
)
