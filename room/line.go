package room

import (
	"time"

	"parley/edge"
	"parley/protocol"
)

// line is a client's connection, whatever socket carries it at the time. It
// belongs to one shard from its first socket to its last: a client that returns
// is brought there. While it has no socket it keeps what is sent to it.
//
//	live ──lost, come-back code──▶ away ──resume──▶ live …
//	  └──────close, by either side──▶ over ◀──window ends──┘
type line struct {
	// static
	shard *shard
	user  *protocol.User
	born  uint64 // the serial it began with, which names it; 0: it has an origin

	// owned by the shard
	rider  rider
	conn   *edge.Conn // nil while there is none
	login  int64      // the token's id
	serial uint64     // of its last welcome: what a resume token stands for
	away   *away      // nil while frames go to the socket at once
	past   *past      // nil unless it was resumed
	place  int32      // among the shard's lines; static
	due    int16      // how often the rider was told to welcome, and has not
	paused bool       // PauseReading
	acks   bool       // the client tells what it has received
	asked  bool       // NotifyDrained, and Drained is still to come
	heard  bool       // something was received since the welcome
	freed  bool       // is counted among its user's no more
	over   bool       // closed for good: Closed is to follow, or has
}

// rider is what a line is to the floors above: a session, the carrier of one on
// another shard, or a desk.
type rider interface {
	// at reports whether that is where the rider is: which room and channel.
	at(roomID int64, ch protocol.Channel) bool
	// again answers a frame that asks for what the client has: a subscription.
	again(id protocol.ID)
	// received takes a text message; the bytes are the shard's.
	received(payload []byte)
	// drained follows NotifyDrained.
	drained()
	// suspended says that the socket was lost; the client may return until then.
	suspended(until time.Time)
	// pack calls then, in this turn or later, with what the rider's sessions are for
	// another node; with last they have left their rooms then, unseen by the others.
	pack(last bool, then func([]packed))
	// resumed says that it has, on a new socket. The rider calls line.Welcome;
	// nothing is received or sent before that.
	resumed()
	// closed is the last.
	closed(c edge.Closure)
}

// past is what a client knows its line by that has not had the last welcome.
type past struct {
	serial uint64  // of the welcome that it returned with
	from   int     // how many frames behind that it had then
	origin *origin // of a line whose born is 0; static, as the line's past is then
}

// line puts a new line under a socket that has just shaken hands. It reports
// false, and closes the socket, where the user has too many.
func (sh *shard) line(l *line, c *edge.Conn, e Entry) bool {
	if !sh.hub.users.acquire(e.User.ID) {
		c.Close(uint16(protocol.CloseRateLimited), "too many sockets of this user")
		return false
	}
	*l = line{
		shard: sh, user: e.User, conn: c, login: e.TokenID, acks: e.Acks,
		born: sh.lines.next(), rider: nobody{},
	}
	sh.lines.add(l)
	came := l
	switch p := e.Return.passage; {
	case p == nil:
	case p.parcel != nil:
		l.continues(e)
		came = nil // it was let in long ago; where it was it may be counted for a while
	case p.formerly != "":
		l.succeeds(p.formerly)
	}
	if t := sh.hub.tally; t != nil {
		t.changed(l.user.ID, came)
	}
	return true
}

// Send implements socket.
func (l *line) Send(f *edge.Frame) {
	if l.away == nil {
		if l.conn.Send(f) || l.over {
			return
		}
		l.leaveSocket() // it has ended in this turn: Closed is to follow
	}
	l.away.add(f, l.shard)
	if l.shard.deposits != nil {
		l.changed()
	}
}

// leaveSocket gathers what the client may not have.
func (l *line) leaveSocket() {
	first, frames, whole := l.conn.Remains()
	written := l.conn.Written() - first
	if first == 0 && len(frames) > 0 { // the first is the welcome, which does not count
		frames[0].Release(l.shard.edge)
		frames = frames[1:]
		written = max(0, written-1)
	} else {
		first--
	}
	l.conn.Forget() // its allowance is the line's now
	l.away = &away{first: first, torn: !whole}
	if !whole {
		l.shard.hub.cfg.Meter.Torn()
	}
	for i, f := range frames {
		l.away.add(f, l.shard)
		f.Release(l.shard.edge)
		if i < written {
			l.away.written++
		}
	}
}

// Welcome implements socket: the first frame on each of the line's sockets, and
// behind it what was kept.
func (l *line) Welcome(w protocol.Welcome) {
	l.due = max(0, l.due-1)
	if l.conn == nil || l.due > 0 {
		return // lost again meanwhile; another is to follow, if it is back again
	}
	sh, a := l.shard, l.away
	if a != nil && a.torn { // since its client is back: it must not hear that nothing is missing
		l.conn.Close(uint16(protocol.CloseOverloaded), "too much was missed")
		return
	}
	l.serial, l.heard = sh.lines.next(), false
	if a != nil { // the count begins anew
		l.remember(a.by)
		a.first = 0
	}
	w.ConnectionID, w.ResumeToken = l.name(), l.token(l.serial)
	w.Node, w.User, w.Resumed = sh.hub.cfg.Node, *l.user, a != nil
	w.HeartbeatS, w.ResumeWindowS = sh.hub.cfg.Heartbeat.Seconds(), sh.hub.cfg.Resume.Window.Seconds()
	w.Features = sh.hub.cfg.Features
	if l.acks {
		l.conn.Keep(edge.Keeping{Frames: sh.hub.cfg.Resume.Frames, Bytes: sh.hub.cfg.Resume.Bytes, Node: sh.hub.kept})
	}
	f := sh.edge.NewText(func(b []byte) []byte { return protocol.Append(b, protocol.TypeWelcome, 0, w) })
	sh.hub.cfg.Meter.FrameOut(string(protocol.TypeWelcome), 1)
	l.away = nil
	if !l.conn.Send(f) {
		l.away = a
		return
	}
	if a != nil {
		a.play(l)
		if !l.paused && l.conn != nil {
			l.conn.ResumeReading()
		}
		if l.asked {
			l.NotifyDrained()
		}
	}
	if sh.degraded != nil {
		l.Send(sh.degraded)
	}
}

// Awaited implements socket.
func (l *line) Awaited() { l.due-- }

// Close implements socket. The line is over, whether it has a socket or not.
func (l *line) Close(code uint16, reason string) {
	if l.over {
		return
	}
	l.over = true
	if l.conn != nil {
		l.conn.Close(code, reason) // if it has ended already its Closed is due
		return
	}
	l.shard.edge.Defer(func() { l.end(edge.Closure{Code: code, Reason: reason}) })
}

// Buffered implements socket.
func (l *line) Buffered() int {
	if l.away != nil {
		return l.away.weight
	}
	return l.conn.Buffered()
}

// NotifyDrained implements socket.
func (l *line) NotifyDrained() {
	l.asked = true
	if l.away == nil {
		l.conn.NotifyDrained()
	}
}

// PauseReading implements reader.
func (l *line) PauseReading() {
	l.paused = true
	if l.conn != nil {
		l.conn.PauseReading()
	}
}

// ResumeReading implements reader.
func (l *line) ResumeReading() {
	l.paused = false
	if l.conn != nil && l.away == nil {
		l.conn.ResumeReading()
	}
}

// primary implements socket.
func (l *line) primary() bool { return true }

// Receive implements edge.Handler.
func (l *line) Receive(payload []byte) {
	l.heard = true
	if l.acks && l.acknowledged(payload) {
		return
	}
	l.rider.received(payload)
}

// Drained implements edge.Handler.
func (l *line) Drained() {
	l.asked = false
	l.rider.drained()
}

// Closed implements edge.Handler: the socket is gone, and the line unless its
// client may come back.
func (l *line) Closed(c edge.Closure) {
	if !l.mayReturn(c) {
		l.end(c)
		return
	}
	if l.away == nil {
		l.leaveSocket()
	}
	l.conn = nil
	l.suspend()
}

// mayReturn tells a loss from a departure.
func (l *line) mayReturn(c edge.Closure) bool {
	return !l.over && l.serial != 0 && l.shard.hub.cfg.Resume.Window > 0 && lost(c)
}

// lost reports whether a closure is nobody's wish.
func lost(c edge.Closure) bool {
	return c.Lost() || !c.Remote && protocol.CloseCode(c.Code).ComeBack()
}

// suspend waits for the client to come back.
func (l *line) suspend() {
	sh, a := l.shard, l.away
	window := sh.hub.cfg.Resume.Window
	a.until = time.Now().Add(window)
	if a.timer == nil {
		sh.hub.cfg.Meter.Suspended(1)
		a.timer = time.AfterFunc(window, func() { sh.edge.Post(func() { l.expire(a) }) })
	} else { // lost again before it was welcomed
		a.timer.Reset(window)
	}
	l.rider.suspended(a.until)
	l.putBy()
}

func (l *line) expire(a *away) {
	if l.away == a && !l.over && l.late() {
		l.shard.hub.cfg.Meter.Resumed(ResumeExpired)
		l.end(edge.Closure{Code: uint16(protocol.CloseAbnormal), Remote: true})
	}
}

// end takes the line off the shard.
func (l *line) end(c edge.Closure) {
	l.over = true
	if a := l.away; a != nil {
		a.drop(l.shard)
		if a.timer != nil {
			a.timer.Stop()
			l.shard.hub.cfg.Meter.Suspended(-1)
		}
	}
	l.conn, l.away = nil, &away{torn: true} // what is still sent is for nobody
	l.shard.lines.remove(l)
	l.free()
	l.rider.closed(c)
	if o := l.origin(); o != nil && o.tokens != nil {
		l.shard.hub.journeys.left(o.name, l.shard, l.place)
	}
	l.changed()
}

// free has another session of the user take the line's place in the quota.
func (l *line) free() {
	if !l.freed {
		l.freed = true
		l.shard.hub.users.release(l.user.ID)
		if t := l.shard.hub.tally; t != nil {
			t.changed(l.user.ID, nil)
		}
	}
}
