package room

// RoomID is the room that the session is in. A client of many rooms has no such
// method.
func (s *Session) RoomID() int64 { return s.room.id }

// connectionID names the session's connection, to its client and between nodes.
// Any goroutine may ask.
func (s *Session) connectionID() string { return s.room.shard.hub.seal.name(lineOf(s.conn)) }

func (d *desk) connectionID() string { return d.line.shard.hub.seal.name(&d.line) }

// lineOf finds what carries a session. The way there does not change.
func lineOf(c socket) *line {
	switch c := c.(type) {
	case *subscription:
		return &c.desk.line
	case *remote:
		return lineOf(c.carrier.conn)
	default:
		return c.(*line)
	}
}

// connection is a Client that can be told from others on every node.
type connection interface{ connectionID() string }

// nameOf is "" of a client that has no name.
func nameOf(c Client) string {
	if named, ok := c.(connection); ok {
		return named.connectionID()
	}
	return ""
}
