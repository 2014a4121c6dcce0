package room

import (
	"time"

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
	lines    lines
	desks    map[int64]*desk  // by user: the newest, a chain of which begins with it
	links    map[*shard]*link // to other shards, those in use
	fences   fences
	draining bool
	degraded *edge.Frame        // what clients are told of it; nil: all is well
	deposits map[*line]*deposit // of lines that are in the vault, or were
}

func newShard(h *Hub, e *edge.Shard) *shard {
	return &shard{hub: h, edge: e, rooms: make(map[int64]*Room), fences: fences{keep: h.cfg.Fence}}
}

// alone is a line with a session of the same shard, in one piece: what most are.
type alone struct {
	line    line
	session Session
}

// open takes a socket in that has just shaken hands: for the line that its
// client comes back to, or for a new one.
func (sh *shard) open(c *edge.Conn, e Entry, home *shard) edge.Handler {
	if sh.draining {
		c.Close(uint16(protocol.CloseRestart), "restart")
		return ended{}
	}
	if e.Return.Token == "" {
		return sh.openNew(c, e, home)
	}
	if handler := sh.land(c, e, home); handler != nil {
		return handler
	}
	t, ok := sh.hub.ticket(e.Return.Token)
	if !ok || int(t.shard) != sh.edge.ID() {
		t = ticket{} // which is nobody's
	}
	l, after, ok := sh.welcomeBack(c, t, e)
	if ok {
		return l
	}
	defer after()
	return sh.openNew(c, e, home)
}

func (sh *shard) openNew(c *edge.Conn, e Entry, home *shard) edge.Handler {
	switch {
	case home == nil:
		return sh.openDesk(c, e)
	case home != sh:
		return sh.carry(c, e, home)
	}
	a := &alone{}
	if !sh.line(&a.line, c, e) {
		return ended{}
	}
	if sh.enter(&a.session, &a.line, e) {
		a.line.rider = &a.session
		a.session.begin()
	}
	return &a.line
}

// enter makes a session of a room, unless its right ended while it was shaking
// hands. Its begin is to follow.
func (sh *shard) enter(s *Session, c socket, e Entry) bool {
	if code, reason := sh.refusal(e); code != 0 {
		c.Close(uint16(code), reason)
		return false
	}
	r := sh.room(e.RoomID)
	s.init(r, c, e)
	r.add(s)
	sh.hub.cfg.Meter.SessionOpened(string(e.Channel))
	return true
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
		r.follow()
		sh.hub.cfg.Meter.RoomOpened()
	}
	return r
}

// leave takes a session out of its room, and an empty room off the shard.
func (sh *shard) leave(s *Session) {
	r := s.room
	r.remove(s)
	sh.hub.cfg.Meter.SessionClosed(string(s.part.channel))
	if !sh.draining || *s.why == protocol.LeaveMoved { // a restart is not a leave: the others' calls go on
		s.leave()
	}
	if r.size() == 0 && sh.rooms[r.id] == r {
		delete(sh.rooms, r.id)
		if r.unfollow != nil {
			r.unfollow()
		}
		sh.hub.cfg.Meter.RoomClosed()
	}
}

// each calls fn for every session of a room. fn may close sessions: they leave
// the room later in the turn.
func (sh *shard) each(roomID int64, fn func(s *Session)) {
	if r := sh.rooms[roomID]; r != nil {
		for s := range r.Sessions("") {
			fn(s)
		}
	}
}

// ended handles a socket that was closed before it had a line.
type ended struct{}

func (ended) Receive([]byte)      {}
func (ended) Drained()            {}
func (ended) Closed(edge.Closure) {}

// nobody rides a line that was closed before it had a session.
type nobody struct{}

func (nobody) at(int64, protocol.Channel) bool { return false }
func (nobody) again(protocol.ID)               {}
func (nobody) received([]byte)                 {}
func (nobody) drained()                        {}
func (nobody) suspended(time.Time)             {}
func (nobody) resumed()                        {}
func (nobody) closed(edge.Closure)             {}
