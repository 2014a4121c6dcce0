package chat

import (
	"time"

	"parley/protocol"
	"parley/room"
)

// news is which users came to a room or left it, and not all know of it yet. It
// is gathered for a while where many come and go (tide): then each socket is
// written to once, and not once for each of them; and who is gone and back within
// it was never gone.
type news struct {
	// owned by the shard
	changes []change
	knows   map[*room.Session]int // sessions that were told the state since, and so know the first changes
	most    int                   // the most that one of these knows
	due     bool                  // a flush is
}

type change struct {
	user   *protocol.User
	online bool
	undone bool
}

// add notes a change. One that undoes another cancels it, unless somebody has
// been told the state in between.
func (n *news) add(u *protocol.User, online bool) {
	for i := len(n.changes) - 1; i >= n.most; i-- {
		if c := &n.changes[i]; c.user.ID == u.ID && !c.undone {
			c.undone = true
			return
		}
	}
	n.changes = append(n.changes, change{user: u, online: online})
}

// told notes that a session was sent the state as it is now.
func (n *news) told(s *room.Session) {
	if len(n.changes) == 0 {
		return
	}
	if n.knows == nil {
		n.knows = make(map[*room.Session]int)
	}
	n.most = len(n.changes)
	n.knows[s] = n.most
}

// knowing lists the sessions that know of the change at place i.
func (n *news) knowing(i int) (sessions []*room.Session) {
	for s, known := range n.knows {
		if i < known {
			sessions = append(sessions, s)
		}
	}
	return sessions
}

// announce tells the others, now or soon, that a user came or went. Those who are
// catching up get the whole state when they have.
func (o *online) announce(u *protocol.User, online bool) {
	if !o.chat.loaded {
		return
	}
	if o.counting || len(o.users) > protocol.MaxPresenceList {
		o.counting = true
		o.countSoon()
		return
	}
	o.news.add(u, online)
	switch gather := o.chat.svc.tide.change(time.Now()); {
	case o.news.due:
	case gather == 0:
		o.tellNews()
	default:
		o.news.due = true
		time.AfterFunc(gather, func() { o.chat.room.Post(o.tellNews) })
	}
}

func (o *online) tellNews() {
	n := o.news
	o.news = news{}
	if o.counting {
		return // a count is due, of all
	}
	for i, c := range n.changes {
		if c.undone {
			continue
		}
		t := protocol.TypeUserOffline
		if c.online {
			t = protocol.TypeUserOnline
		}
		f := room.EncodeIn(o.chat.room, t, protocol.PresenceChange{User: *c.user})
		o.chat.room.BroadcastLive(protocol.ChannelChat, f, room.Except{User: c.user.ID, Sessions: n.knowing(i)})
	}
}
