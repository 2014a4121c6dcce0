package room

import (
	"parley/edge"
	"parley/protocol"
)

// shard is the part of the hub that lives on one edge.Shard.
type shard struct {
	// static after construction
	hub  *Hub
	edge *edge.Shard

	// owned by the shard's goroutine
	rooms    map[int64]*Room
	links    map[*shard]*link // to other shards, those in use
	fences   fences
	draining bool
}

func newShard(h *Hub, e *edge.Shard) *shard {
	return &shard{hub: h, edge: e, rooms: make(map[int64]*Room), fences: fences{keep: h.cfg.Fence}}
}

// open lets in a session whose socket is on its room's shard.
func (sh *shard) open(c *edge.Conn, e Entry) edge.Handler {
	if s := sh.enter(c, e); s != nil {
		c.Join(&s.room.share)
		return s
	}
	return ended{}
}

// enter lets a session in, unless its right ended while it was shaking hands.
func (sh *shard) enter(c socket, e Entry) *Session {
	if code, reason := sh.refusal(e); code != 0 {
		c.Close(uint16(code), reason)
		return nil
	}
	if !sh.hub.users.acquire(e.User.ID) {
		c.Close(uint16(protocol.CloseRateLimited), "too many sockets of this user")
		return nil
	}
	r := sh.room(e.RoomID)
	s := newSession(r, c, e)
	r.add(s)
	sh.hub.cfg.Meter.SessionOpened(string(e.Channel))
	s.enter()
	return s
}

func (sh *shard) refusal(e Entry) (protocol.CloseCode, string) {
	switch {
	case sh.draining:
		return protocol.CloseRestart, "restart"
	case sh.fences.stops(fence{token: e.TokenID}, e.Checked):
		return protocol.CloseUnauthenticated, "logged out"
	case sh.fences.stops(fence{room: e.RoomID}, e.Checked):
		return protocol.CloseRoomDeleted, "room deleted"
	case sh.fences.stops(fence{room: e.RoomID, user: e.User.ID}, e.Checked):
		return protocol.CloseForbidden, "not a participant"
	}
	return 0, ""
}

func (sh *shard) room(id int64) *Room {
	r := sh.rooms[id]
	if r == nil {
		r = &Room{id: id, shard: sh}
		sh.rooms[id] = r
		sh.hub.cfg.Meter.RoomOpened()
	}
	return r
}

// leave takes a session out of its room, and an empty room off the shard.
func (sh *shard) leave(s *Session) {
	r := s.room
	r.remove(s)
	sh.hub.users.release(s.user.ID)
	sh.hub.cfg.Meter.SessionClosed(string(s.part.channel))
	if !sh.draining { // a restart is not a leave: the others' calls go on
		s.leave()
	}
	if r.size() == 0 && sh.rooms[r.id] == r {
		delete(sh.rooms, r.id)
		sh.hub.cfg.Meter.RoomClosed()
	}
}

// each calls fn for every session of the shard's rooms, of one room unless roomID is 0.
// fn may close sessions: they leave their rooms later in the turn.
func (sh *shard) each(roomID int64, fn func(s *Session)) {
	if roomID != 0 {
		if r := sh.rooms[roomID]; r != nil {
			for s := range r.Sessions("") {
				fn(s)
			}
		}
		return
	}
	for _, r := range sh.rooms {
		for s := range r.Sessions("") {
			fn(s)
		}
	}
}

// ended handles a socket that was closed before it had a session.
type ended struct{}

func (ended) Receive([]byte)      {}
func (ended) Drained()            {}
func (ended) Closed(edge.Closure) {}
