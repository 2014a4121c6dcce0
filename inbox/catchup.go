package inbox

import (
	"slices"

	"parley/protocol"
)

// catchUp makes up for the news of other nodes that may not have come: every user's
// rooms are read again, and what is unread in them is told again.
func (s *Service) catchUp() {
	for _, r := range s.users {
		r.when(func() { s.reload(r) })
	}
}

func (s *Service) reload(r *resident) {
	if r.settling != nil {
		return // an earlier of several interruptions has begun it, a moment ago
	}
	r.settling = &settling{} // what changes meanwhile comes after it
	s.settling[r] = struct{}{}
	s.read(r, func(rooms []int64) {
		later := r.settling.later
		r.settling = nil
		delete(s.settling, r)
		for _, id := range slices.Clone(r.rooms) {
			if _, still := slices.BinarySearch(rooms, id); !still {
				s.remove(r, id, protocol.LeaveRemoved)
			}
		}
		for _, id := range rooms {
			if !r.in(id) {
				s.added(id, r.user)
			}
		}
		for _, c := range r.clients {
			s.greet(r, c)
		}
		for _, fn := range later {
			fn()
		}
	})
}
