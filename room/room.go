package room

import (
	"iter"

	"parley/protocol"
)

// Room is one room's sessions on this node and what its channels do with them.
// It exists while it has sessions.
type Room struct {
	// static
	id    int64
	shard *shard

	// owned by the shard
	sessions  []*Session
	behaviors []channelBehavior // one or two: cheaper than a map
}

type channelBehavior struct {
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

// Behavior is the room's behavior of a channel, nil if no session ever needed it.
func (r *Room) Behavior(ch protocol.Channel) Behavior {
	for _, b := range r.behaviors {
		if b.channel == ch {
			return b.behavior
		}
	}
	return nil
}

func (r *Room) behavior(ch protocol.Channel) Behavior {
	if b := r.Behavior(ch); b != nil {
		return b
	}
	b := r.shard.hub.factories[ch](r)
	r.behaviors = append(r.behaviors, channelBehavior{ch, b})
	return b
}

// Sessions are the room's sessions of one channel, or with "" of all, in the
// order in which they came. The room must not change meanwhile: Send and
// Close do not change it.
func (r *Room) Sessions(ch protocol.Channel) iter.Seq[*Session] {
	return func(yield func(*Session) bool) {
		for _, s := range r.sessions {
			if (ch == "" || s.channel == ch) && !yield(s) {
				return
			}
		}
	}
}

// Broadcast sends a frame to every session of a channel, or with "" of the room.
func (r *Room) Broadcast(ch protocol.Channel, f Frame) {
	for s := range r.Sessions(ch) {
		s.Send(f)
	}
}

func (r *Room) remove(s *Session) {
	for i, other := range r.sessions {
		if other == s {
			last := len(r.sessions) - 1
			copy(r.sessions[i:], r.sessions[i+1:])
			r.sessions[last] = nil
			r.sessions = r.sessions[:last]
			return
		}
	}
}
