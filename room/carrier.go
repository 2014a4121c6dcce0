package room

import (
	"bytes"
	"time"

	"parley/edge"
	"parley/protocol"
)

// carrier is the socket's side of a session whose room is on another shard: it
// passes on what it receives, and does what the room says.
type carrier struct {
	// static
	conn    socket // a line, or a subscription
	up      *link  // to the room's shard
	remote  *remote
	room    int64
	channel protocol.Channel
	user    int64

	// owned by the socket's shard
	annex    *annex // that it is in; nil: nothing is broadcast to it
	place    int    // in the annex
	underWay cargo  // received, and not known to be taken
	full     bool   // paused because that is much
	pauses   int    // PauseReading less ResumeReading
	sent     int    // the room's count when it last asked
	gone     bool
}

// carry opens a line to a room of another shard.
func (sh *shard) carry(c *edge.Conn, e Entry, home *shard) edge.Handler {
	a := &struct {
		line    line
		carrier carrier
	}{}
	if !sh.line(&a.line, c, e) {
		return ended{}
	}
	a.line.rider = &a.carrier
	a.carrier.carry(&a.line, e, sh, home)
	return &a.line
}

// carry makes both sides of a session that is on its way to a room of another
// shard.
func (k *carrier) carry(c socket, e Entry, sh, home *shard) {
	*k = carrier{conn: c, up: sh.link(home), room: e.RoomID, channel: e.Channel, user: e.User.ID}
	k.remote = &remote{home: home, carrier: k}
	k.up.post(0, func() {
		k.remote.down = home.link(sh)
		if home.enter(&k.remote.own, k.remote, e) {
			k.remote.own.begin()
		}
	})
}

// send, close, watch, taken and join are the room's words.
func (k *carrier) send(f *edge.Frame) {
	if !k.gone {
		k.conn.Send(f)
	}
	f.Release(k.up.from.edge)
}

func (k *carrier) close(code uint16, reason string) {
	k.leaveAnnex()
	k.conn.Close(code, reason)
}

// watch asks for a report when little waits for the socket.
func (k *carrier) watch(sent int) {
	k.sent = sent
	k.conn.NotifyDrained()
}

// taken says what the room has taken of what was received.
func (k *carrier) taken(n cargo) {
	k.underWay.frames -= n.frames
	k.underWay.bytes -= n.bytes
	most := mostUnderWay()
	if k.full && k.underWay.frames <= most.frames/2 && k.underWay.bytes <= most.bytes/2 {
		k.full = false
		k.ResumeReading()
	}
}

// join has the session get what is broadcast from now on.
func (k *carrier) join(a *annex) {
	if !k.gone {
		k.annex, k.place = a, len(a.carriers)
		a.carriers = append(a.carriers, k)
	}
}

func (k *carrier) leaveAnnex() {
	a := k.annex
	if a == nil {
		return
	}
	last := len(a.carriers) - 1
	moved := a.carriers[last]
	a.carriers[k.place], moved.place = moved, k.place
	a.carriers[last] = nil
	a.carriers = a.carriers[:last]
	k.annex = nil
}

// PauseReading implements reader.
func (k *carrier) PauseReading() {
	k.pauses++
	k.conn.PauseReading()
}

// ResumeReading implements reader.
func (k *carrier) ResumeReading() {
	if k.pauses--; k.pauses == 0 {
		k.conn.ResumeReading()
	}
}

// again implements rider.
func (k *carrier) again(id protocol.ID) {
	k.up.post(0, func() { k.remote.again(id) })
}

// received implements rider.
func (k *carrier) received(payload []byte) {
	p := bytes.Clone(payload)
	k.up.post(len(p), func() { k.remote.received(p) })
	k.underWay.frames++
	k.underWay.bytes += len(p)
	if most := mostUnderWay(); k.underWay.frames >= most.frames || k.underWay.bytes >= most.bytes {
		k.full = true
		k.PauseReading()
	}
	if k.up.behind() {
		k.up.hold(k)
	}
}

// at implements rider.
func (k *carrier) at(roomID int64, ch protocol.Channel) bool {
	return k.room == roomID && k.channel == ch
}

// suspended implements rider.
func (k *carrier) suspended(until time.Time) {
	k.up.post(0, func() { k.remote.suspended(until) })
}

// resumed implements rider.
func (k *carrier) resumed() {
	k.up.post(0, func() { k.remote.resumed() })
}

// drained implements rider.
func (k *carrier) drained() {
	sent, left := k.sent, k.conn.Buffered()
	k.up.post(0, func() { k.remote.drained(sent, left) })
}

// closed implements rider.
func (k *carrier) closed(c edge.Closure) {
	k.gone = true
	k.leaveAnnex()
	k.up.post(0, func() { k.remote.closed(c) })
}
