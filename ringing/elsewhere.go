package ringing

import (
	"time"

	"parley/protocol"
	"parley/ringing/ring"
)

// elsewhere is what rings for users by invites of other nodes, for those of their
// clients that are still to come.
type elsewhere struct {
	users   map[int64][]ringing
	count   int
	cleared time.Time // when all whose time was over were dropped
}

// add takes in what rings. A ring whose time is over is dropped when its user's
// are next looked at, or with the others'.
func (e *elsewhere) add(r rings, now time.Time) {
	if now.Sub(e.cleared) > longestLifetime {
		e.cleared = now
		for user := range e.users {
			e.of(user, now)
		}
	}
	for _, user := range r.Users {
		e.drop(user, func(x ringing) bool { return x.invite == r.Invite || !now.Before(x.until) })
		if e.count < ring.MaxRings {
			e.users[user] = append(e.users[user], ringing{r.Invite, r.Room, r.From, r.Until})
			e.count++
		}
	}
}

func (e *elsewhere) remove(x silent) {
	for _, user := range x.Users {
		e.drop(user, func(r ringing) bool { return r.invite == x.Invite })
	}
}

// of lists what rings for a user.
func (e *elsewhere) of(user int64, now time.Time) []ringing {
	e.drop(user, func(r ringing) bool { return !now.Before(r.until) })
	return e.users[user]
}

func (e *elsewhere) drop(user int64, match func(ringing) bool) {
	list := e.users[user]
	kept := list[:0]
	for _, r := range list {
		if match(r) {
			e.count--
		} else {
			kept = append(kept, r)
		}
	}
	if len(kept) == 0 {
		delete(e.users, user)
		return
	}
	e.users[user] = kept
}

// ringing is a ring as its user hears of it.
type ringing struct {
	invite string
	room   int64
	from   protocol.User
	until  time.Time
}

func (r ringing) incoming() protocol.IncomingCall {
	at := protocol.At(r.until)
	return protocol.IncomingCall{
		RoomID: r.room, InviteID: r.invite, From: r.from, ExpiresAt: &at,
		LifetimeMS: max(0, time.Until(r.until).Milliseconds()),
	}
}
