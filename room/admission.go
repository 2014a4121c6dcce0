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
	User    protocol.User
	TokenID int64
	// Since is the client's since_seq: it has every message up to it. -1 if the
	// client did not say.
	Since int64
	// Checked is when the checking of the user's rights began, by the store or by
	// what is remembered of it (see fence).
	Checked time.Time
}

// Admit completes an admission: the socket goes to its room's shard and becomes
// a session there.
func (h *Hub) Admit(a edge.Admission, e Entry) edge.Admission {
	sh := h.shardOf(e.RoomID)
	a.Shard = sh.edge
	a.Open = func(c *edge.Conn) edge.Handler { return sh.enter(c, e) }
	return a
}
