package room

import (
	"time"

	"parley/edge"
	"parley/protocol"
)

// Entry is a session that may be let in: what the handshake has established.
type Entry struct {
	RoomID  int64 // 0, with the channel "": a multiplexed socket
	Channel protocol.Channel
	User    *protocol.User // may be shared: is not changed
	TokenID int64
	// Since is the client's since_seq: it has every message up to it. -1 if the
	// client did not say.
	Since int64
	// Return is what the client says of the session that it comes back to.
	Return Return
	shared bool    // by a multiplexed socket
	packed *packed // what the session was on another node; nil: nothing
	// Acks is set where the client will tell what it has received.
	Acks bool
	// Checked is when the checking of the user's rights began, by the store or by
	// what is remembered of it (see fence).
	Checked time.Time
}

// Admit completes an admission. A client that comes back is brought to the shard
// where its session is. Any other socket goes to its room's shard, or to another
// where the room is crowded, it is of no one room, or the admission names a shard
// already.
func (h *Hub) Admit(a edge.Admission, e Entry) edge.Admission {
	var home *shard
	if e.RoomID != 0 {
		home = h.shardOf(e.RoomID)
	}
	host := home
	t, back := h.ticket(e.Return.Token)
	switch {
	case back && int(t.shard) < len(h.shards):
		host = h.shards[t.shard]
	case a.Shard != nil:
		host = h.shards[a.Shard.ID()]
	case home == nil:
		host = h.leastLoaded(h.shards[uint64(e.User.ID)%uint64(len(h.shards))])
	case h.crowds.has(e.RoomID):
		host = h.leastLoaded(home)
	}
	a.Shard = host.edge
	a.Open = func(c *edge.Conn) edge.Handler { return host.open(c, e, home) }
	return a
}

// leastLoaded returns the shard with the fewest sockets, first if it is one of
// several.
func (h *Hub) leastLoaded(first *shard) *shard {
	least, sockets := first, first.edge.Sockets()
	for _, sh := range h.shards {
		if n := sh.edge.Sockets(); n < sockets {
			least, sockets = sh, n
		}
	}
	return least
}
