package room

import (
	"time"

	"parley/protocol"
)

// Behavior is what one channel of one room does with its sessions. A room has
// at most one of each channel, made when the first session of it comes.
type Behavior interface {
	// Enter takes a session that has just been let into the room. The behavior
	// calls Session.Welcome, now or when it knows what to say, and
	// Session.Release once the session is up to date. Before the one nothing is
	// received from it, before the other nothing of the room's is sent to it.
	Enter(s *Session)
	// Receive takes a frame of a session. e aliases the shard's buffer: what is
	// kept must be copied.
	Receive(s *Session, e protocol.Envelope)
	// Suspend says that the session's socket was lost. Its client may return until
	// then: what is sent to it meanwhile is kept.
	Suspend(s *Session, until time.Time)
	// Resume says that it has, on a new socket, perhaps with no Suspend before: the
	// old one may have looked alive. The behavior calls Session.Welcome, and then
	// sends what stands now: what was kept comes before it.
	Resume(s *Session)
	// LastSeq is the newest seq of what the room has on the channel; nil where
	// nothing is counted.
	LastSeq() *int64
	// Leave says that the session is gone; it is no longer among the room's.
	Leave(s *Session, why protocol.LeaveReason)
}

// Factory makes the behavior of a channel for a room, on the room's shard.
type Factory func(r *Room) Behavior
