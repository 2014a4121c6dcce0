package room

import (
	"time"

	"parley/edge"
	"parley/protocol"
)

// remote is the room's side of a session whose socket is on another shard. What
// it is told goes to the carrier there; what the carrier receives comes here.
type remote struct {
	// static
	home    *shard // the room's
	carrier *carrier

	// static from its arrival on the room's shard
	down    *link    // to the socket's
	session *Session // own, or nil: was not let in
	wing    *wing

	// owned by the room's shard
	queue   [][]byte      // received, not taken yet: reading is paused
	closure *edge.Closure // what ended the socket, behind the queue
	taken   cargo         // since the carrier was last told
	waiting int           // bytes sent that are not known to have left
	asked   bool          // the carrier will report on these
	paused  bool
	live    bool // gets what is broadcast
	ended   bool
	own     Session
}

// cargo counts frames and their bytes.
type cargo struct{ frames, bytes int }

// mostUnderWay is what one socket may have on its way to the room, and in the
// room's queue for it, before it is not read from any more.
func mostUnderWay() cargo { return cargo{frames: 32, bytes: 64 << 10} }

// Send implements socket.
func (m *remote) Send(f *edge.Frame) {
	if m.ended {
		return
	}
	f.Hold()
	m.down.post(f.Len(), func() { m.carrier.send(f) })
	m.waiting += f.Len()
	if m.waiting >= m.session.Portion() {
		m.NotifyDrained()
	}
}

// Welcome implements socket.
func (m *remote) Welcome(w protocol.Welcome) {
	m.down.post(0, func() { m.carrier.conn.Welcome(w) })
}

// Awaited implements socket.
func (m *remote) Awaited() { m.down.post(0, func() { m.carrier.conn.Awaited() }) }

// primary implements socket; it is asked on the socket's shard.
func (m *remote) primary() bool { return true }

// Close implements socket. As with a socket of this shard, the session ends
// before the turn does.
func (m *remote) Close(code uint16, reason string) {
	if m.ended {
		return
	}
	m.ended, m.queue = true, nil
	m.down.post(0, func() { m.carrier.close(code, reason) })
	if s := m.session; s != nil {
		m.home.edge.Defer(func() { s.closed(edge.Closure{Code: code, Reason: reason}) })
	}
}

// Buffered implements socket: what was sent to this session alone, less what its
// shard has reported to be gone.
func (m *remote) Buffered() int { return m.waiting }

// NotifyDrained implements socket.
func (m *remote) NotifyDrained() {
	if m.asked || m.ended {
		return
	}
	m.asked = true
	sent := m.waiting
	m.down.post(0, func() { m.carrier.watch(sent) })
}

// drained is the carrier's answer: of what had been sent when it was asked, so
// much is left.
func (m *remote) drained(sent, left int) {
	m.asked = false
	m.waiting += left - sent
	if !m.ended {
		m.session.drained()
	}
}

// PauseReading implements socket. What is under way is queued here, and what the
// room does not take the carrier is not told of: it soon reads no more.
func (m *remote) PauseReading() { m.paused = true }

// ResumeReading implements socket.
func (m *remote) ResumeReading() {
	if m.paused {
		m.paused = false
		m.home.edge.Post(m.catchUp)
	}
}

func (m *remote) received(payload []byte) {
	if m.paused || len(m.queue) > 0 {
		m.queue = append(m.queue, payload)
		return
	}
	m.take(payload)
}

func (m *remote) take(payload []byte) {
	if m.ended {
		return
	}
	m.session.received(payload)
	m.taken.frames++
	m.taken.bytes += len(payload)
	if most := mostUnderWay(); m.taken.frames >= most.frames/2 || m.taken.bytes >= most.bytes/2 {
		n := m.taken
		m.taken = cargo{}
		m.down.post(0, func() { m.carrier.taken(n) })
	}
}

// catchUp takes what was received while reading was paused.
func (m *remote) catchUp() {
	for len(m.queue) > 0 && !m.paused {
		p := m.queue[0]
		m.queue = m.queue[1:]
		m.take(p)
	}
	if len(m.queue) > 0 {
		return
	}
	m.queue = nil
	if m.closure != nil {
		m.end(*m.closure)
	}
}

// closed says that the socket is gone; what came before is taken first.
func (m *remote) closed(c edge.Closure) {
	if len(m.queue) > 0 {
		m.closure = &c
		return
	}
	m.end(c)
}

// suspended and resumed tell of the line. What was received before is perhaps
// still to be taken.
func (m *remote) suspended(until time.Time) {
	if !m.ended {
		m.session.suspended(until)
	}
}

func (m *remote) again(id protocol.ID) {
	if !m.ended {
		m.session.again(id)
	}
}

func (m *remote) resumed() {
	if !m.ended {
		m.session.resumed()
	}
}

func (m *remote) end(c edge.Closure) {
	if !m.ended {
		m.ended = true
		m.session.closed(c)
	}
}
