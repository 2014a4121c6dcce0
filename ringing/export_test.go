package ringing

import (
	"time"

	"parley/protocol"
	"parley/room"
)

// Receive, Arrive, Leave and Move are what the hub calls.

func (s *Service) Receive(c room.Client, ch protocol.Channel, roomID int64, e protocol.Envelope) {
	s.receive(c, ch, roomID, e)
}

func (s *Service) Arrive(c room.Client, ch protocol.Channel) { s.arrived(c, ch) }

func (s *Service) Leave(c room.Client, ch protocol.Channel) { s.left(c, ch) }

func (s *Service) Move(c room.Client, ch protocol.Channel) { s.moved(c, ch) }

// Reachable is how many clients of a user are known.
func (s *Service) Reachable(user int64) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.clients.of(user))
}

// Elsewhere is what a node knows of the others' rings.
type Elsewhere struct{ elsewhere }

func NewElsewhere() *Elsewhere {
	return &Elsewhere{elsewhere{users: make(map[int64][]ringing)}}
}

func (e *Elsewhere) Ring(user int64, until, now time.Time) {
	e.add(rings{Invite: "i", Users: []int64{user}, Until: until}, now)
}

// Users is for how many something rings, or is kept that did.
func (e *Elsewhere) Users() int { return len(e.users) }

func (e *Elsewhere) Rings(user int64, now time.Time) bool { return len(e.of(user, now)) > 0 }
