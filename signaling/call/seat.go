package call

// seat is one user's place in the call_state, whatever number of sockets the
// user has in the call. A user keeps the place as long as one is listed.
type seat struct {
	userID  int64
	peer    *participant   // the one that has joined, or nil
	waiting []*participant // those that are connecting, oldest first
}

// shown is the participant that stands for the user: the joined peer, or else
// the newest socket that is connecting. It is nil when the seat is empty.
func (s *seat) shown() *participant {
	switch {
	case s.peer != nil:
		return s.peer
	case len(s.waiting) > 0:
		return s.waiting[len(s.waiting)-1]
	default:
		return nil
	}
}

// seatOf finds the user's seat or adds one at the end. Seats that stay empty
// are removed by publish, once the event is through, so that a replacement
// within one event keeps its place.
func (c *Call) seatOf(userID int64) *seat {
	for _, s := range c.seats {
		if s.userID == userID {
			return s
		}
	}
	s := &seat{userID: userID}
	c.seats = append(c.seats, s)
	return s
}
