package room

import "parley/edge"

// socket is what a session needs of the socket that carries it. Where the socket
// is on the room's own shard this is the *edge.Conn itself; where it is not, a
// *remote stands for it there.
type socket interface {
	reader
	Send(f *edge.Frame)
	Close(code uint16, reason string)
	Buffered() int
	NotifyDrained()
}

// reader is read from, or not.
type reader interface {
	PauseReading()
	ResumeReading()
}
