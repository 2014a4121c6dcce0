package ringing

import (
	"parley/protocol"
	"parley/room"
)

// Receive, Arrive and Leave are what the hub calls.

func (s *Service) Receive(c room.Client, ch protocol.Channel, roomID int64, e protocol.Envelope) {
	s.receive(c, ch, roomID, e)
}

func (s *Service) Arrive(c room.Client, ch protocol.Channel) { s.arrived(c, ch) }

func (s *Service) Leave(c room.Client, ch protocol.Channel) { s.left(c, ch) }

// Reachable is how many clients of a user are known.
func (s *Service) Reachable(user int64) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.clients.of(user))
}
