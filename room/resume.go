package room

import (
	"bytes"
	"math"
	"time"

	"parley/edge"
	"parley/protocol"
)

// Resume bounds what is kept for clients whose socket is lost. 0 is no bound.
type Resume struct {
	Window    time.Duration // how long a client may stay away; 0: lost is gone
	Frames    int           // kept for one session
	Bytes     int
	NodeBytes int // for all of this node's together; signals that wait for them count too
}

// Return is a client that comes back for its line.
type Return struct {
	Token    string   // from the last welcome; "": a new session
	Received int      // frames behind that welcome; -1: not said
	passage  *passage // what became of a line that is not of this node; nil: nothing
}

// passage is what Hub.Claim has found out.
type passage struct {
	arrived  string // the connection_id of the line that was brought here, and awaits its client
	formerly string // of the line that could not be had

	parcel *parcel // that has been taken, to land
	from   int     // how many frames behind the welcome of its token the client has
}

// How clients fared that were away, for the meter.
const (
	ResumeDone    = "resumed"
	ResumeTook    = "took_over" // from a socket that still looked alive
	ResumeTorn    = "torn"      // not all that was missed was kept
	ResumeUnknown = "unknown"   // no such session, or no longer
	ResumeExpired = "expired"   // did not come back in time

	ResumeMoved     = "moved"     // to this node: another one handed the session over
	ResumeAdopted   = "adopted"   // by this node: the other one is gone, and had put the session by
	ResumeSuccessor = "successor" // the other one is gone with the session: a new one has its place
)

// welcomeBack puts a returning client's socket under its line. It reports false
// where the client must start afresh; the line it cannot have ends then, if
// after is called.
func (sh *shard) welcomeBack(c *edge.Conn, t ticket, e Entry) (l *line, after func(), ok bool) {
	meter := sh.hub.cfg.Meter
	l = sh.lines.at(t.place)
	loggedOut := sh.fences.stops(fence{token: e.TokenID}, e.Checked) // on the way here
	if loggedOut || l == nil || l.over || l.late() || l.user.ID != e.User.ID || !l.rider.at(e.RoomID, e.Channel) || !l.known(t.serial) {
		meter.Resumed(ResumeUnknown)
		return nil, func() {}, false
	}
	n, ok := l.position(t.serial, e.Return.Received)
	how := ResumeDone
	if l.away == nil {
		l.leaveSocket()
	}
	if ok = ok && l.away.rewind(n, sh); !ok {
		meter.Resumed(ResumeTorn)
		l.free()
		return nil, l.replaced, false
	}
	if l.conn != nil {
		how = ResumeTook
		l.conn.Abandon(uint16(protocol.CloseReplaced), "resumed on another socket")
	}
	meter.Resumed(how)
	l.away.by = &past{serial: t.serial, from: l.away.first}
	if t.serial != l.serial {
		l.away.by.from += l.past.from
	}
	l.conn, l.login, l.acks = c, e.TokenID, e.Acks
	l.conn.PauseReading() // until it is welcomed
	l.due++
	l.changed()
	l.rider.resumed()
	return l, nil, true
}

// late reports whether the line's window is over, and it is about to end.
func (l *line) late() bool {
	return l.away != nil && l.conn == nil && !time.Now().Before(l.away.until)
}

// replaced ends a line whose client has started afresh. If a socket still seems
// to be there, it is told.
func (l *line) replaced() {
	if l.over {
		return
	}
	if l.conn != nil {
		l.conn.Abandon(uint16(protocol.CloseReplaced), "resumed on another socket")
	}
	l.end(edge.Closure{Code: uint16(protocol.CloseAbnormal), Remote: true})
}

// known reports whether a token of that serial may resume the line: the last
// one's, or the one's before, if the welcome that brought the last may have been
// lost. Before the first welcome there is none: its serial is 0.
func (l *line) known(serial uint64) bool {
	return serial != 0 && (serial == l.serial || l.past != nil && !l.heard && serial == l.past.serial)
}

// position is how many frames behind the last welcome the client has, which may
// have counted from the one before. -1 if it did not say.
func (l *line) position(serial uint64, received int) (n int, ok bool) {
	if received < 0 || serial == l.serial {
		return received, true
	}
	n = received - l.past.from
	return n, n >= 0
}

// mostReceived is more than any `received` frame comes to; others need not be
// looked through for one.
const mostReceived = 192

// acknowledged takes a `received` frame: what the client has need not be kept.
func (l *line) acknowledged(payload []byte) bool {
	if len(payload) > mostReceived || !bytes.Contains(payload, []byte(`"received"`)) {
		return false
	}
	e, err := protocol.Decode(payload)
	if err != nil || e.Type != protocol.TypeReceived {
		return false
	}
	l.shard.hub.cfg.Meter.FrameIn(string(e.Type))
	var in protocol.Received
	err = protocol.DecodeData(e.Data, &in)
	if err == nil && (l.away != nil || in.N < 0 || in.N == math.MaxInt || !l.conn.Acknowledge(in.N+1)) { // the welcome is the first
		err = protocol.Invalid("n", "so many frames were not sent")
	}
	if err == nil && e.ID == nil {
		return true
	}
	l.Send(l.shard.edge.NewText(func(b []byte) []byte {
		if err != nil {
			return protocol.AppendError(b, e.ID, 0, protocol.AsError(err))
		}
		return protocol.AppendReply(b, protocol.TypeAck, e.ID, 0, protocol.Empty{})
	}))
	return true
}
