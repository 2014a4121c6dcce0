package room

import "parley/protocol"

// spill is what a room has on other shards than its own: the room's side of it.
type spill struct {
	wings []*wing
	held  map[*Session]struct{} // those that are not released yet
	size  int
}

// wing is a room's sessions whose sockets are on one other shard.
type wing struct {
	// static
	down  *link
	annex *annex // the other shard's

	// owned by the room's shard
	sessions []*Session
	live     int // those that were released
}

// wing returns the room's wing on the shard that a link leads to.
func (r *Room) wing(down *link) *wing {
	if r.spill == nil {
		r.spill = &spill{held: make(map[*Session]struct{})}
	}
	for _, w := range r.spill.wings {
		if w.down == down {
			return w
		}
	}
	w := &wing{down: down, annex: &annex{}}
	r.spill.wings = append(r.spill.wings, w)
	return w
}

// add takes in a session that comes from another shard.
func (sp *spill) add(s *Session, m *remote) {
	m.wing.sessions = append(m.wing.sessions, s)
	sp.held[s] = struct{}{}
	sp.size++
}

func (sp *spill) remove(s *Session, m *remote) {
	m.wing.sessions = without(m.wing.sessions, s)
	delete(sp.held, s)
	sp.size--
	if m.live {
		m.live = false
		m.wing.live--
	}
}

// release has a session get what is broadcast from now on, behind what was sent
// to it alone.
func (sp *spill) release(s *Session, m *remote) {
	delete(sp.held, s)
	if !m.ended {
		m.live = true
		m.wing.live++
		a := m.wing.annex
		m.down.post(0, func() { m.carrier.join(a) })
	}
}

// broadcast puts a frame on the link to each shard once.
func (sp *spill) broadcast(ch protocol.Channel, f Frame, not Except, meter Meter) {
	others := carriersOf(not.Sessions)
	for _, w := range sp.wings {
		if w.live > 0 {
			f.wire.Hold()
			w.down.post(f.wire.Len(), func() {
				meter.FrameOut(string(f.Type), w.annex.broadcast(ch, f, not.User, others))
				f.wire.Release(w.down.to.edge)
			})
		}
	}
}

// carriersOf lists the carriers of those sessions that have one.
func carriersOf(sessions []*Session) (carriers []*carrier) {
	for _, s := range sessions {
		if m, is := s.conn.(*remote); is {
			carriers = append(carriers, m.carrier)
		}
	}
	return carriers
}

// hold keeps a frame for the sessions that are not released.
func (sp *spill) hold(ch protocol.Channel, f Frame) {
	for s := range sp.held {
		if s.part.channel == ch || ch == "" && !s.doubled() {
			s.Send(f)
		}
	}
}

// doubled reports whether the client gets what is for all of the room by its
// session in the call: see socket.primary.
func (s *Session) doubled() bool {
	if !s.shared || s.part.channel == protocol.ChannelCall {
		return false
	}
	for other := range s.room.Sessions(protocol.ChannelCall) {
		if other.shared && lineOf(other.conn) == lineOf(s.conn) {
			return true
		}
	}
	return false
}

// throttle stops a session, whose frame may have been broadcast, while other
// shards of the room cannot keep up.
func (sp *spill) throttle(s *Session) {
	for _, w := range sp.wings {
		if w.down.behind() {
			w.down.hold(s)
		}
	}
}
