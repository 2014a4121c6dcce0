package room

// RoomID is the room that the session is in. A client of many rooms has no such
// method.
func (s *Session) RoomID() int64 { return s.room.id }

// ConnectionID names the session's connection: on all nodes this one only, and on
// the node that it moves to the same. Any goroutine may ask.
func (s *Session) ConnectionID() string { return lineOf(s.conn).name() }

// Formerly is the connection_id of the session that the client wanted to return to
// and could not: it is lost, and this one takes its place. "" for most. The client
// says so, and no more is known of it than that this user does. Any goroutine may
// ask.
func (s *Session) Formerly() string {
	if o := lineOf(s.conn).origin(); o != nil {
		return o.formerly
	}
	return ""
}

func (d *desk) ConnectionID() string { return d.line.name() }

// origin is what a line is called that did not begin here, or that began in the
// place of another. It does not change.
type origin struct {
	name     string            // the connection_id
	formerly string            // Session.Formerly
	tokens   map[uint64]string // that other nodes gave to the line's client, by the serials that stand for them here
}

// origin is nil for most lines.
func (l *line) origin() *origin {
	if l.born != 0 {
		return nil
	}
	return l.past.origin
}

// name is the line's connection_id. Any goroutine may ask.
func (l *line) name() string {
	if o := l.origin(); o != nil {
		return o.name
	}
	return l.shard.hub.seal.name(l)
}

// remember notes the welcome that the client had when it got the last one.
func (l *line) remember(by *past) {
	if l.born != 0 {
		l.past = by
		return
	}
	l.past.serial, l.past.from = by.serial, by.from // other goroutines look at its origin
}

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

// NameOf is a client's connection id, which tells it from others on every node; ""
// if it has none.
func NameOf(c Client) string {
	if named, ok := c.(interface{ ConnectionID() string }); ok {
		return named.ConnectionID()
	}
	return ""
}
