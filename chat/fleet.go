package chat

import (
	"time"

	"parley/presence"
	"parley/protocol"
)

// movedLinger is how long a user whose session has moved to another node is still
// shown here: until the others know of both.
const movedLinger = 5 * time.Second

// Lapsed says that this node's lease had run out, and holds again: to the others it
// was dead. Who is here is entered again.
func (s *Service) Lapsed() {
	s.eachChat(func(c *roomChat) {
		for _, ou := range c.online.users {
			if ou.sockets > 0 {
				s.feed.correct(c.room.ID(), presence.User(*ou.user), true)
			}
		}
	})
}

// Gone says that nodes are no more, by boot. Their users are shown a while longer:
// if a node was stopped in good order, they are on their way to another. Of one that
// died they are Reaped.
func (s *Service) Gone(boots []string) {
	if s.hub.Alone() {
		return
	}
	now := s.cfg.Clock()
	s.eachChat(func(c *roomChat) {
		for _, boot := range boots {
			c.online.doubtAll(boot, now)
		}
	})
}

// Reaped says that users of nodes that died are nobody's. It is told to one node,
// which tells the others.
func (s *Service) Reaped(entries []presence.Entry) {
	if s.hub.Alone() {
		return
	}
	type party struct {
		room int64
		boot string
	}
	parties := make(map[party][]presence.User)
	for _, e := range entries {
		p := party{e.Room, e.Node}
		parties[p] = append(parties[p], e.User)
	}
	for p, users := range parties {
		s.publishPresence(p.room, p.boot, false, users...)
		s.inRoom(p.room, func(c *roomChat) {
			for _, u := range users {
				c.online.goes(p.boot, u.ID)
			}
		})
	}
}

// moved ends the presence of a user whose session is on another node now, when the
// others have heard of it there: by then the room may be open again or be closed.
func (c *roomChat) moved(u *protocol.User) {
	s, roomID := c.svc, c.room.ID()
	time.AfterFunc(movedLinger, func() {
		s.inRoomOrNot(roomID, func(now *roomChat) {
			switch {
			case now == c:
				c.online.leave(u)
			case now == nil || !now.online.here(u.ID):
				s.feed.correct(roomID, presence.User(*u), false)
			}
		})
	})
}
