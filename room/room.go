package room

import (
	"iter"
	"slices"

	"parley/edge"
	"parley/protocol"
)

// Room is one room's sessions on this node and what its channels do with them.
// It exists while it has sessions.
type Room struct {
	// static
	id    int64
	shard *shard

	// owned by the shard
	share        edge.Share // of the shard's turns
	sessions     []*Session // whose sockets are on this shard too
	spill        *spill     // the others; nil: there never were any
	parts        []*part    // one or two: cheaper than a map
	unfollow     func()     // ends what the room hears of other nodes; nil: nothing
	synchronized bool       // it has heard of them
}

// part is what a room has of one channel. It does not change.
type part struct {
	channel  protocol.Channel
	behavior Behavior
}

// ID is the room's id.
func (r *Room) ID() int64 { return r.id }

// Post runs fn later on the room's goroutine. Unlike all else here it may be
// called from any goroutine. The room may have lost its sessions by then.
func (r *Room) Post(fn func()) bool {
	return r.shard.edge.Post(func() {
		defer r.survive()
		fn()
	})
}

// Allowance is how much this node keeps for clients that may return, in all its
// rooms: see Resume.NodeBytes. Whatever else waits for them is to be counted too.
func (r *Room) Allowance() *edge.Allowance { return r.shard.hub.kept }

// AfterTurn runs fn when what the room sends in this turn of its goroutine is with
// the kernel, or waits until a socket takes it. fn must not send.
func (r *Room) AfterTurn(fn func()) { r.shard.edge.AfterTurn(fn) }

// Behavior is the room's behavior of a channel, nil if no session ever needed it.
func (r *Room) Behavior(ch protocol.Channel) Behavior {
	for _, p := range r.parts {
		if p.channel == ch {
			return p.behavior
		}
	}
	return nil
}

// part is made when the first session of its channel comes.
func (r *Room) part(ch protocol.Channel) *part {
	for _, p := range r.parts {
		if p.channel == ch {
			return p
		}
	}
	p := &part{ch, r.shard.hub.factories[ch](r)}
	r.parts = append(r.parts, p)
	if n, is := p.behavior.(Neighbor); is && r.synchronized { // the others were told when the room was
		r.shard.edge.Defer(func() { r.guarded(n.Synchronize) })
	}
	return p
}

// witness tells those of a session that has come from another node whose channel is
// not its own, whether or not the room needed them yet.
func (r *Room) witness(s *Session) {
	for ch := range r.shard.hub.factories {
		if w, is := r.part(ch).behavior.(Witness); is && ch != s.part.channel {
			r.guarded(func() { w.Moved(s) })
		}
	}
}

// Sessions are the room's sessions of one channel, or with "" of all: those whose
// sockets are on the room's shard in the order in which they came, then those of
// each other shard, likewise. The room must not change meanwhile: Send and Close
// do not change it. To send all the same frame, Broadcast.
func (r *Room) Sessions(ch protocol.Channel) iter.Seq[*Session] {
	return func(yield func(*Session) bool) {
		for _, s := range r.sessions {
			if (ch == "" || s.part.channel == ch) && !yield(s) {
				return
			}
		}
		if r.spill == nil {
			return
		}
		for _, w := range r.spill.wings {
			for _, s := range w.sessions {
				if (ch == "" || s.part.channel == ch) && !yield(s) {
					return
				}
			}
		}
	}
}

// size is how many sessions the room has.
func (r *Room) size() int {
	if r.spill == nil {
		return len(r.sessions)
	}
	return len(r.sessions) + r.spill.size
}

func (r *Room) add(s *Session) {
	if m, is := s.conn.(*remote); is {
		m.session, m.wing = s, r.wing(m.down)
		r.spill.add(s, m)
	} else {
		r.sessions = append(r.sessions, s)
	}
	r.shard.hub.crowds.grown(r.id, r.size())
}

func (r *Room) remove(s *Session) {
	if m, is := s.conn.(*remote); is {
		r.spill.remove(s, m)
	} else {
		r.sessions = without(r.sessions, s)
	}
	r.shard.hub.crowds.shrunk(r.id, r.size())
}

// without keeps the order.
func without(sessions []*Session, s *Session) []*Session {
	i := slices.Index(sessions, s)
	return slices.Delete(sessions, i, i+1)
}
