package chat

import (
	"cmp"
	"slices"
	"time"

	"parley/protocol"
	"parley/room"
)

// online is who is in a room's chat, by way of this node or another.
type online struct {
	chat *roomChat

	// owned by the shard
	users    []onlineUser // by id
	counting bool         // too many to name, when last told: counts are sent, not names
	counted  bool         // a count is due to be sent
	news     news
	others   *others // nil: there are no other nodes
}

type onlineUser struct {
	user    *protocol.User
	sockets int32 // on this node
	nodes   int32 // others that the user is on
}

// countEvery is how often at most a large room is told its count.
const countEvery = time.Second

// find returns the place of a user, or where it would be.
func (o *online) find(id int64) (int, bool) {
	return slices.BinarySearchFunc(o.users, id, func(u onlineUser, id int64) int { return cmp.Compare(u.user.ID, id) })
}

// get returns a user's entry, a new one if need be. It is valid until another is
// made.
func (o *online) get(u *protocol.User) *onlineUser {
	i, ok := o.find(u.ID)
	if !ok {
		o.users = slices.Insert(o.users, i, onlineUser{user: u})
	}
	return &o.users[i]
}

func (o *online) enter(u *protocol.User) {
	ou := o.get(u)
	ou.sockets++
	if ou.sockets > 1 {
		return
	}
	o.newsHere(u, true)
	if ou.nodes == 0 {
		o.announce(u, true)
	}
}

func (o *online) leave(u *protocol.User) {
	i, ok := o.find(u.ID)
	if !ok {
		return
	}
	ou := &o.users[i]
	if ou.sockets--; ou.sockets > 0 {
		return
	}
	o.newsHere(u, false)
	o.gone(i)
}

// gone forgets the user at a place among users, if they are nowhere any more.
func (o *online) gone(i int) {
	if ou := o.users[i]; ou.sockets == 0 && ou.nodes == 0 {
		o.users = slices.Delete(o.users, i, i+1)
		o.announce(ou.user, false)
	}
}

// here reports whether a user is in the room by way of this node.
func (o *online) here(id int64) bool {
	i, ok := o.find(id)
	return ok && o.users[i].sockets > 0
}

// newsHere has the registry told, and then the other nodes.
func (o *online) newsHere(u *protocol.User, online bool) {
	o.heardOf(o.chat.svc.hub.Boot(), u.ID)
	o.chat.svc.feed.change(o.chat.room.ID(), u, online)
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
			st.Users = append(st.Users, *ou.user)
		}
	}
	return room.EncodeIn(o.chat.room, protocol.TypePresenceState, st)
}
