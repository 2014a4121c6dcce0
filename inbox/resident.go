package inbox

import (
	"context"
	"slices"
	"time"

	"parley/room"
)

// resident is a user who has multiplexed sockets on this node. There may be very
// many, so a resident at rest is small.
type resident struct {
	user     int64
	rooms    []int64 // ascending: what the user is in
	clients  []room.Client
	settling *settling // nil once rooms is known
}

// settling is what a resident hears of while the rooms are read.
type settling struct {
	later []func() // to be done when they are known
}

// when does fn once the rooms are known.
func (r *resident) when(fn func()) {
	if r.settling != nil {
		r.settling.later = append(r.settling.later, fn)
		return
	}
	fn()
}

func (r *resident) in(roomID int64) bool {
	_, in := slices.BinarySearch(r.rooms, roomID)
	return in
}

// send gives a frame to all of a user's clients, soon.
func (r *resident) send(f room.Frame) {
	for _, c := range r.clients {
		c.Post(func() { c.Send(f) })
	}
}

// arrived takes a client in; the first of a user has the user's rooms read.
func (s *Service) arrived(c room.Client) {
	id := c.User().ID
	r := s.users[id]
	if r == nil {
		r = &resident{user: id, settling: &settling{}}
		s.users[id] = r
		s.settling[r] = struct{}{}
		s.load(r)
	}
	r.clients = append(r.clients, c)
	r.when(func() { s.greet(r, c) })
}

// left lets a client go; with the last of a user all about the user is dropped.
func (s *Service) left(c room.Client) {
	r := s.users[c.User().ID]
	if r == nil {
		return
	}
	r.clients = slices.DeleteFunc(r.clients, func(other room.Client) bool { return other == c })
	if len(r.clients) > 0 {
		return
	}
	delete(s.users, r.user)
	delete(s.settling, r)
	for _, id := range r.rooms {
		s.places.remove(id, r)
	}
}

// here reports that a resident is still what the user's clients are kept in.
func (s *Service) here(r *resident) bool { return s.users[r.user] == r }

// load reads what rooms a user is in. What changes from now on the resident hears
// of, and does when they are known.
func (s *Service) load(r *resident) {
	s.read(r, func(rooms []int64) { s.settle(r, slices.Clip(rooms)) })
}

// read has then called with the rooms of a user, as long as the user is here.
func (s *Service) read(r *resident, then func(rooms []int64)) {
	s.reads.do(func(ctx context.Context) {
		rooms, err := s.store.RoomIDsOf(ctx, r.user)
		if err == nil {
			s.mailbox.post(func() {
				if s.here(r) {
					then(rooms)
				}
			})
			return
		}
		if ctx.Err() != nil {
			return
		}
		s.log.Error("inbox: rooms not read", "user", r.user, "err", err)
		time.AfterFunc(retryAfter, func() {
			s.mailbox.post(func() {
				if s.here(r) {
					s.read(r, then)
				}
			})
		})
	})
}

func (s *Service) settle(r *resident, rooms []int64) {
	r.rooms = rooms
	for _, id := range rooms {
		s.places.add(id, r)
	}
	later := r.settling.later
	r.settling = nil
	delete(s.settling, r)
	for _, fn := range later {
		fn()
	}
}
