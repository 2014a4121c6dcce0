package room

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
