package room

import (
	"encoding/json"
	"time"

	"parley/protocol"
)

// control is one ending, or the beginning of a right. Exactly one of its forms is filled in.
type control struct {
	Token   int64                `json:"token,omitempty"`
	Profile int64                `json:"profile,omitempty"` // of a user; nothing ends but what is remembered of it
	Added   bool                 `json:"added,omitempty"`   // with Room and User: it is a beginning
	Room    int64                `json:"room,omitempty"`
	User    int64                `json:"user,omitempty"` // with Room: of this user only
	Reason  protocol.LeaveReason `json:"reason,omitempty"`
}

// LoggedOut ends every session of a token, on every node.
func (h *Hub) LoggedOut(tokenID int64) { h.announce(control{Token: tokenID}) }

// ProfileChanged makes every node forget what a user was called. Sessions keep
// the name that they began with.
func (h *Hub) ProfileChanged(userID int64) { h.announce(control{Profile: userID}) }

// Removed ends a user's sessions in a room, on every node. why is LeaveLeft if
// the user left on their own, otherwise LeaveRemoved.
func (h *Hub) Removed(roomID, userID int64, why protocol.LeaveReason) {
	h.announce(control{Room: roomID, User: userID, Reason: why})
}

// RoomDeleted ends every session of a room, on every node.
func (h *Hub) RoomDeleted(roomID int64) { h.announce(control{Room: roomID}) }

// Added tells that a user has become a participant of a room, on every node.
func (h *Hub) Added(roomID, userID int64) {
	h.announce(control{Room: roomID, User: userID, Added: true})
}

// announce carries an ending out, here before it returns and on the other nodes
// soon.
func (h *Hub) announce(c control) {
	h.carryOut(c)
	h.spread(kindControl, c)
}

// control carries out the ending of another node.
func (h *Hub) control(payload []byte) {
	var c control
	if err := json.Unmarshal(payload, &c); err != nil {
		h.cfg.Logger.Error("room: control message not understood", "err", err)
		return
	}
	h.carryOut(c)
}

// carryOut does what an ending demands, here.
func (h *Hub) carryOut(c control) {
	h.tell(c)           // before the time is taken: see fence
	ended := time.Now() // or before: the shard may hear of it later, when the right was given again
	switch {
	case c.Token != 0:
		for _, sh := range h.shards {
			sh.edge.Post(func() { sh.logout(c.Token, ended) })
		}
	case c.Profile != 0 || c.Room == 0 || c.Added:
	case c.User != 0:
		sh := h.shardOf(c.Room)
		sh.edge.Post(func() { sh.removeUser(c.Room, c.User, c.Reason, ended) })
	default:
		sh := h.shardOf(c.Room)
		sh.edge.Post(func() { sh.deleteRoom(c.Room, ended) })
	}
}

func (sh *shard) logout(token int64, ended time.Time) {
	sh.fences.raise(fence{token: token}, ended)
	sh.lines.each(func(l *line) {
		if l.login == token {
			l.Close(uint16(protocol.CloseUnauthenticated), "logged out")
		}
	})
}

func (sh *shard) removeUser(room, user int64, why protocol.LeaveReason, ended time.Time) {
	sh.fences.raise(fence{room: room, user: user}, ended)
	sh.each(room, func(s *Session) {
		if s.user.ID == user && s.checked <= sh.hub.age(ended) {
			s.Close(protocol.CloseForbidden, "no longer a participant", why)
		}
	})
}

func (sh *shard) deleteRoom(room int64, ended time.Time) {
	sh.fences.raise(fence{room: room}, ended)
	sh.each(room, func(s *Session) {
		s.Close(protocol.CloseRoomDeleted, "room deleted", protocol.LeaveRoomDeleted)
	})
}
