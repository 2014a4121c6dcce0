package chat

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/presence"
	"parley/protocol"
)

const (
	// looksAtOnce is how many rooms at a time are looked up in the presence registry.
	looksAtOnce = 8
	// lookTimeout bounds a look-up, and for how long after one that failed rooms are
	// loaded without: who is here does not wait for who is there.
	lookTimeout = time.Second
)

var errUnseen = errors.New("chat: the presence registry was out of reach a moment ago")

// others are who is in a room's chat by way of other nodes, as far as this node was
// told. The registry knows better: it is asked when the room is loaded, whenever news
// may have been missed, and now and then. It belongs to the room's shard; there is
// none where there are no other nodes.
type others struct {
	// nodes are the users by boot; each with the time, in milliseconds since 1970,
	// since when that is in doubt: the registry names them no more, but nobody has
	// said that they left. A node that is stopped in good order says nothing: its
	// users are on their way to another.
	nodes    map[string]map[int64]int64
	doubtful int

	looking bool
	failed  bool               // it was looked in vain
	again   bool               // something was missed since it began to
	heard   map[place]struct{} // of whom there was news since then, newer than what will be found
}

// place is a user's by way of a node.
type place struct {
	boot string
	user int64
}

// comes is told that a user is in the room by way of another node.
func (o *online) comes(boot string, u protocol.User) {
	o.heardOf(boot, u.ID)
	x := o.others
	users := x.nodes[boot]
	if since, there := users[u.ID]; there {
		if since != 0 {
			x.doubtful--
			users[u.ID] = 0
		}
		return
	}
	if users == nil {
		users = make(map[int64]int64)
		if x.nodes == nil {
			x.nodes = make(map[string]map[int64]int64)
		}
		x.nodes[boot] = users
	}
	users[u.ID] = 0
	ou := o.get(&u)
	ou.nodes++
	if ou.sockets == 0 && ou.nodes == 1 {
		o.announce(ou.user, true)
	}
}

// goes is told that a user is not, or no more.
func (o *online) goes(boot string, userID int64) {
	o.heardOf(boot, userID)
	x := o.others
	users := x.nodes[boot]
	since, there := users[userID]
	if !there {
		return
	}
	if since != 0 {
		x.doubtful--
	}
	if delete(users, userID); len(users) == 0 {
		delete(x.nodes, boot)
	}
	if i, ok := o.find(userID); ok {
		o.users[i].nodes--
		o.gone(i)
	}
}

// heardOf notes that there was news of a place.
func (o *online) heardOf(boot string, userID int64) {
	if x := o.others; x != nil && x.looking {
		x.heard[place{boot, userID}] = struct{}{}
	}
}

// doubt is told that it is not certain any more whether a user of another node is
// there.
func (o *online) doubt(boot string, userID int64, now time.Time) {
	if users := o.others.nodes[boot]; users[userID] == 0 {
		users[userID] = now.UnixMilli()
		o.others.doubtful++
	}
}

// doubtAll is told that a node is gone.
func (o *online) doubtAll(boot string, now time.Time) {
	for id := range o.others.nodes[boot] {
		o.doubt(boot, id, now)
	}
}

// expire lets those go who have been in doubt for long enough to be back.
func (o *online) expire(now time.Time) {
	if o.others.doubtful == 0 {
		return
	}
	long := now.Add(-o.chat.svc.cfg.Linger).UnixMilli()
	for boot, users := range o.others.nodes {
		for id, since := range users {
			if since != 0 && since <= long {
				o.goes(boot, id)
			}
		}
	}
}

// look has the registry asked who is here.
func (o *online) look() {
	if o.others.looking {
		o.others.again = true
		return
	}
	o.beginLook()
	o.chat.svc.looks.put(o.chat.room.ID(), o.chat)
}

func (o *online) beginLook() {
	o.others.looking, o.others.failed, o.others.again = true, false, false
	o.others.heard = make(map[place]struct{})
}

// looked takes what the registry said, but for those of whom there was news since
// it was asked. What it has wrong of this node is corrected.
func (o *online) looked(entries []presence.Entry, err error) {
	x, own, now := o.others, o.chat.svc.hub.Boot(), o.chat.svc.cfg.Clock()
	heard := x.heard
	x.looking, x.heard = false, nil
	if err != nil {
		o.chat.svc.cfg.Logger.Warn("chat: presence not looked up", "room", o.chat.room.ID(), "err", err)
		x.failed = true
		return
	}
	listed := make(map[place]struct{}, len(entries))
	for _, e := range entries {
		at := place{e.Node, e.User.ID}
		listed[at] = struct{}{}
		_, newer := heard[at]
		switch {
		case newer:
		case e.Node != own:
			o.comes(e.Node, protocol.User(e.User))
		case !o.here(e.User.ID):
			o.chat.svc.feed.amend(o.chat.room.ID(), e.User, false)
		}
	}
	unlisted := func(boot string, user int64) bool {
		_, is := listed[place{boot, user}]
		_, newer := heard[place{boot, user}]
		return !is && !newer
	}
	for boot, users := range x.nodes {
		for id := range users {
			if unlisted(boot, id) {
				o.doubt(boot, id, now)
			}
		}
	}
	for _, ou := range o.users {
		if ou.sockets > 0 && unlisted(own, ou.user.ID) {
			o.chat.svc.feed.amend(o.chat.room.ID(), presence.User(*ou.user), true)
		}
	}
	if x.again {
		o.look()
	}
}

// looking is the goroutine that asks the registry, for all rooms.
func (s *Service) looking() {
	for {
		select {
		case <-s.looks.bell:
		case <-s.ctx.Done():
			return
		}
		var lanes errgroup.Group
		lanes.SetLimit(looksAtOnce)
		for _, c := range s.looks.take() {
			lanes.Go(func() error {
				entries, err := s.onlineIn(s.ctx, c.room.ID())
				c.still(func() { c.online.looked(entries, err) })
				return nil
			})
		}
		_ = lanes.Wait() // none fails
	}
}

// onlineIn asks the registry who is in a room.
func (s *Service) onlineIn(ctx context.Context, roomID int64) ([]presence.Entry, error) {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	entries, err := s.presence.Online(ctx, roomID)
	if err != nil {
		s.unseen.Store(time.Now().Add(lookTimeout).UnixNano())
	}
	return entries, err
}

// onlineSoon is onlineIn for a room that is waited for.
func (s *Service) onlineSoon(ctx context.Context, roomID int64) ([]presence.Entry, error) {
	if time.Now().UnixNano() < s.unseen.Load() {
		return nil, errUnseen
	}
	return s.onlineIn(ctx, roomID)
}
