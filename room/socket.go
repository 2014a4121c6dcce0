package room

import (
	"parley/edge"
	"parley/protocol"
)

// socket is what a session needs of what carries it. Where that is on the room's
// own shard this is a *line, or one *subscription of it; where it is not, a
// *remote stands for it there.
type socket interface {
	reader
	Send(f *edge.Frame)
	// Welcome sends the first frame. The rest of the payload is the socket's.
	Welcome(w protocol.Welcome)
	// Awaited says that one Welcome is to follow for two sockets of the client's: it
	// was back before its session was welcomed.
	Awaited()
	Close(code uint16, reason string)
	Buffered() int
	NotifyDrained()
	// primary is false where the same client gets what is for all channels of the
	// room by another of its subscriptions.
	primary() bool
}

// reader is read from, or not.
type reader interface {
	PauseReading()
	ResumeReading()
}
