package room

import (
	"time"

	"parley/edge"
	"parley/protocol"
)

// Entry is a session that may be let in: what the handshake has established.
type Entry struct {
	RoomID  int64
	Channel protocol.Channel
	User    *protocol.User // may be shared: is not changed
	TokenID int64
	// Since is the client's since_seq: it has every message up to it. -1 if the
	// client did not say.
	Since int64
	// Checked is when the checking of the user's rights began, by the store or by
	// what is remembered of it (see fence).
	Checked time.Time
}

// Admit completes an admission: the socket goes to its room's shard, or to
// another where the room is crowded or the admission names a shard already, and
// becomes a session of the room.
func (h *Hub) Admit(a edge.Admission, e Entry) edge.Admission {
	home := h.shardOf(e.RoomID)
	host := home
	switch {
	case a.Shard != nil:
		host = h.shards[a.Shard.ID()]
	case h.crowds.has(e.RoomID):
		host = h.leastLoaded(home)
	}
	a.Shard = host.edge
	a.Open = func(c *edge.Conn) edge.Handler {
		if host == home {
			return home.open(c, e)
		}
		return host.carry(c, e, home)
	}
	return a
}

// leastLoaded returns the shard with the fewest sockets, home if it is one of
// several.
func (h *Hub) leastLoaded(home *shard) *shard {
	least, sockets := home, home.edge.Sockets()
	for _, sh := range h.shards {
		if n := sh.edge.Sockets(); n < sockets {
			least, sockets = sh, n
		}
	}
	return least
}
