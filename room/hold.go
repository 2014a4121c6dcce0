package room

// hold keeps the room's frames back from a session that is still catching up:
// every session begins so.
type hold struct {
	since  int64   // Entry.Since
	packed *packed // Entry.packed, until Welcome: the session is still that
	frames []Frame
	bytes  int
}

// add reports false, and keeps nothing, where the bound would be passed.
func (h *hold) add(f Frame, most int) bool {
	if h.bytes+f.wire.Len() > most {
		return false
	}
	f.wire.Hold()
	h.frames = append(h.frames, f)
	h.bytes += f.wire.Len()
	return true
}

// Release sends what was held back, in order, and holds no longer.
func (s *Session) Release() {
	if s.held == nil {
		return
	}
	frames := s.held.frames
	s.held = nil
	for _, f := range frames {
		s.deliver(f)
		f.wire.Release(s.room.shard.edge)
	}
	if m, is := s.conn.(*remote); is {
		s.room.spill.release(s, m)
	}
	if !s.shared { // of a desk the concierges know already
		s.arrived = true
		s.room.shard.hub.arrived(s, s.part.channel)
	}
}
