package room

import (
	"slices"

	"parley/protocol"
)

// Except says which sessions a broadcast passes over.
type Except struct {
	User     int64 // all sessions of this user; 0: of none
	Sessions []*Session
}

func (x *Except) has(s *Session) bool {
	return x.User != 0 && s.user.ID == x.User || len(x.Sessions) > 0 && slices.Contains(x.Sessions, s)
}

// Broadcast sends a frame to every session of a channel, or with "" of the
// room; to those that are held back, when they are released. Each session gets
// what is sent to it and what is broadcast in the order of these calls, wherever
// its socket is.
func (r *Room) Broadcast(ch protocol.Channel, f Frame) {
	r.broadcast(ch, f, Except{}, true)
}

// BroadcastLive is Broadcast for what only those need who are up to date: a
// session that is held back never gets it, nor do the exceptions.
func (r *Room) BroadcastLive(ch protocol.Channel, f Frame, not Except) {
	r.broadcast(ch, f, not, false)
}

func (r *Room) broadcast(ch protocol.Channel, f Frame, not Except, later bool) {
	meter := r.shard.hub.cfg.Meter
	n := 0
	for _, s := range r.sessions {
		switch {
		case s.gone || ch != "" && s.part.channel != ch || ch == "" && !s.conn.primary() || not.has(s):
		case s.held == nil:
			s.conn.Send(f.wire)
			n++
		case later:
			s.Send(f)
		}
	}
	meter.FrameOut(string(f.Type), n)
	if r.spill != nil {
		r.spill.broadcast(ch, f, not, meter)
		if later {
			r.spill.hold(ch, f)
		}
	}
}
