package room

// Witness is a Behavior that tells the sessions of other channels, too, what happens.
type Witness interface {
	Behavior
	// Moved says that a session of another channel goes on here that was on another
	// node. What happened just then was not kept for it there.
	Moved(s *Session)
}

// Mover is a Behavior whose sessions may go on, on another node.
type Mover interface {
	Behavior
	// Pack is what a session is to the behavior, for Unpack on another node. The
	// session is suspended, and stays so: until Leave with protocol.LeaveMoved, or
	// Resume where its client came back here after all. It may be packed more than
	// once.
	Pack(s *Session) []byte
	// Unpack is Enter for a session that was packed on another node. What that node
	// kept for its client follows the Welcome.
	Unpack(s *Session, packed []byte)
}
