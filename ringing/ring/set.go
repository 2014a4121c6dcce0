package ring

import (
	"container/heap"
	"errors"
	"slices"
	"time"

	"parley/protocol"
)

// Bounds of what may ring.
const (
	MaxInvites = 10      // of one caller
	MaxUsers   = 100     // of one invite
	MaxRings   = 1 << 16 // of all: some 10 MiB
)

// Errors that a Set returns.
var (
	ErrNotRinging     = errors.New("ring: no such invite rings for that user")
	ErrTooManyInvites = errors.New("ring: too many invites of one caller")
	ErrTooManyUsers   = errors.New("ring: too many users in one invite")
	ErrFull           = errors.New("ring: too many rings")
)

// Invite is a caller's call for others to come to a room's call. A caller has at
// most one in a room. C is whatever tells clients apart.
type Invite[C comparable] struct {
	// static
	ID     string
	RoomID int64
	Caller protocol.User

	By    C // the client that invited last; owned by the Set
	rings []*ring[C]
}

// ring is an invite as it rings for one user.
type ring[C comparable] struct {
	invite *Invite[C]
	user   int64
	until  time.Time
	place  int // in deadlines
}

// Set is all invites that ring on a node. An invite is in it as long as it rings
// for anybody.
type Set[C comparable] struct {
	invites map[string]*Invite[C]
	callers map[int64][]*Invite[C]
	users   map[int64][]*ring[C]
	due     deadlines[C]
}

// New makes an empty set.
func New[C comparable]() *Set[C] {
	return &Set[C]{
		invites: make(map[string]*Invite[C]),
		callers: make(map[int64][]*Invite[C]),
		users:   make(map[int64][]*ring[C]),
	}
}

// Call is what a caller asks for.
type Call[C comparable] struct {
	ID     string // of the invite, should it be a new one
	RoomID int64
	Caller protocol.User
	By     C
	Users  []int64 // each once
	Until  time.Time
}

// Invite has it ring for users until a time. Where the caller has an invite in
// that room, it goes on: who it rings for already is rung for until the new time.
// ErrTooManyInvites, ErrTooManyUsers, ErrFull; then nothing has changed.
func (s *Set[C]) Invite(c Call[C]) (*Invite[C], error) {
	inv := s.invite(c.Caller.ID, c.RoomID)
	fresh := inv == nil
	if fresh {
		inv = &Invite[C]{ID: c.ID, RoomID: c.RoomID, Caller: c.Caller}
	}
	more := 0
	for _, user := range c.Users {
		if inv.ring(user) == nil {
			more++
		}
	}
	switch {
	case fresh && len(s.callers[c.Caller.ID]) >= MaxInvites:
		return nil, ErrTooManyInvites
	case len(inv.rings)+more > MaxUsers:
		return nil, ErrTooManyUsers
	case len(s.due)+more > MaxRings:
		return nil, ErrFull
	case fresh && more > 0:
		s.invites[inv.ID] = inv
		s.callers[c.Caller.ID] = append(s.callers[c.Caller.ID], inv)
	}
	inv.By = c.By
	for _, user := range c.Users {
		s.begin(inv, user, c.Until)
	}
	return inv, nil
}

// begin has an invite ring for a user, or for longer.
func (s *Set[C]) begin(inv *Invite[C], user int64, until time.Time) {
	if r := inv.ring(user); r != nil {
		r.until = until
		heap.Fix(&s.due, r.place)
		return
	}
	r := &ring[C]{invite: inv, user: user, until: until}
	inv.rings = append(inv.rings, r)
	s.users[user] = append(s.users[user], r)
	heap.Push(&s.due, r)
}

// end ends a ring, and with the last one its invite.
func (s *Set[C]) end(r *ring[C]) {
	inv := r.invite
	heap.Remove(&s.due, r.place)
	drop(s.users, r.user, r)
	inv.rings = without(inv.rings, r)
	if len(inv.rings) == 0 {
		delete(s.invites, inv.ID)
		drop(s.callers, inv.Caller.ID, inv)
	}
}

// invite is the caller's in the room, nil if there is none.
func (s *Set[C]) invite(caller, roomID int64) *Invite[C] {
	for _, inv := range s.callers[caller] {
		if inv.RoomID == roomID {
			return inv
		}
	}
	return nil
}

// ring is the invite's for a user, nil if it does not ring for them.
func (inv *Invite[C]) ring(user int64) *ring[C] {
	for _, r := range inv.rings {
		if r.user == user {
			return r
		}
	}
	return nil
}

// drop takes v out of a list in m, and an empty list out of m.
func drop[V comparable](m map[int64][]V, key int64, v V) {
	if m[key] = without(m[key], v); len(m[key]) == 0 {
		delete(m, key)
	}
}

// without keeps the order.
func without[V comparable](list []V, v V) []V {
	i := slices.Index(list, v)
	return slices.Delete(list, i, i+1)
}
