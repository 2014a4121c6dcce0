package ringing

import (
	"slices"

	"parley/room"
)

// clients are those that users are told on of what they missed, by user. Most
// users have one, which costs an entry of 24 bytes.
type clients struct {
	one  map[int64]room.Client
	more map[int64][]room.Client // of users with several, until the last is gone
}

func newClients() clients {
	return clients{one: make(map[int64]room.Client), more: make(map[int64][]room.Client)}
}

func (cs *clients) add(c room.Client) {
	user := c.User().ID
	first, known := cs.one[user]
	switch {
	case known:
		delete(cs.one, user)
		cs.more[user] = []room.Client{first, c}
	case cs.more[user] != nil:
		cs.more[user] = append(cs.more[user], c)
	default:
		cs.one[user] = c
	}
}

func (cs *clients) remove(c room.Client) {
	user := c.User().ID
	list := cs.more[user]
	if list == nil {
		delete(cs.one, user)
		return
	}
	if i := slices.Index(list, c); i >= 0 {
		list = slices.Delete(list, i, i+1)
	}
	if cs.more[user] = list; len(list) == 0 {
		delete(cs.more, user)
	}
}

// of lists a user's clients.
func (cs *clients) of(user int64) []room.Client {
	if c, alone := cs.one[user]; alone {
		return []room.Client{c}
	}
	return slices.Clone(cs.more[user])
}
