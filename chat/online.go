package chat

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"parley/presence"
	"parley/protocol"
	"parley/room"
)

// online is who is in a room's chat, by way of this node or another.
type online struct {
	chat *roomChat

	// owned by the shard
	users    map[int64]*onlineUser
	counting bool // too many to name, when last told: counts are sent, not names
	counted  bool // a count is due to be sent
	news     news
}

type onlineUser struct {
	user      protocol.User
	sockets   int  // on this node
	elsewhere bool // on another node
}

// countEvery is how often at most a large room is told its count.
const countEvery = time.Second

func (o *online) enter(u protocol.User) {
	ou := o.users[u.ID]
	if ou == nil {
		ou = &onlineUser{user: u}
		if o.users == nil {
			o.users = make(map[int64]*onlineUser)
		}
		o.users[u.ID] = ou
	}
	ou.sockets++
	if ou.sockets > 1 {
		return
	}
	o.chat.svc.feed.enter(o.chat.room.ID(), u)
	if !ou.elsewhere {
		o.announce(u, true)
	}
}

func (o *online) leave(u protocol.User) {
	ou := o.users[u.ID]
	if ou == nil {
		return
	}
	if ou.sockets--; ou.sockets > 0 {
		return
	}
	o.chat.svc.feed.leave(o.chat.room.ID(), u.ID)
	if !ou.elsewhere {
		delete(o.users, u.ID)
		o.announce(u, false)
	}
}

// countSoon sends a large room its count, after a while, once for all changes
// until then; and its names, if it is not so large any more.
func (o *online) countSoon() {
	if o.counted {
		return
	}
	o.counted = true
	time.AfterFunc(countEvery, func() {
		o.chat.room.Post(func() {
			o.counted = false
			o.counting = len(o.users) > protocol.MaxPresenceList
			o.chat.room.BroadcastLive(protocol.ChannelChat, o.state(), room.Except{})
		})
	})
}

// state is the presence_state frame.
func (o *online) state() room.Frame {
	st := protocol.PresenceState{Users: []protocol.User{}, Count: len(o.users)}
	if len(o.users) <= protocol.MaxPresenceList {
		for _, ou := range o.users {
			st.Users = append(st.Users, ou.user)
		}
		slices.SortFunc(st.Users, func(a, b protocol.User) int { return cmp.Compare(a.ID, b.ID) })
	}
	return room.EncodeIn(o.chat.room, protocol.TypePresenceState, st)
}

// loadPresence finds who is in the room by way of other nodes. It runs off the
// shard.
func (c *roomChat) loadPresence(ctx context.Context) error {
	entries, err := c.svc.presence.Online(ctx, c.room.ID())
	if err != nil {
		return fmt.Errorf("chat: presence of room %d: %w", c.room.ID(), err)
	}
	c.room.Post(func() {
		for _, e := range entries {
			if e.Node != c.svc.cfg.Node {
				c.online.elsewhere(e)
			}
		}
	})
	return nil
}

func (o *online) elsewhere(e presence.Entry) {
	ou := o.users[e.User.ID]
	if ou == nil {
		ou = &onlineUser{user: protocol.User{
			ID: e.User.ID, Username: e.User.Username, DisplayName: e.User.DisplayName,
		}}
		if o.users == nil {
			o.users = make(map[int64]*onlineUser)
		}
		o.users[e.User.ID] = ou
	}
	ou.elsewhere = true
}
