package ring

import (
	"slices"
	"time"
)

// Ended is an invite that rings no longer for some of its users.
type Ended[C comparable] struct {
	Invite *Invite[C]
	Users  []int64
}

// Answer ends the ring of a user who accepts or declines: the first answer counts.
// roomID 0 stands for any room. ErrNotRinging.
func (s *Set[C]) Answer(id string, roomID, user int64) (*Invite[C], error) {
	inv := s.named(id, roomID)
	if inv == nil {
		return nil, ErrNotRinging
	}
	r := inv.ring(user)
	if r == nil {
		return nil, ErrNotRinging
	}
	s.end(r)
	return inv, nil
}

// Cancel ends an invite of the caller's. roomID 0 stands for any room.
// ErrNotRinging.
func (s *Set[C]) Cancel(id string, roomID, caller int64) (Ended[C], error) {
	inv := s.named(id, roomID)
	if inv == nil || inv.Caller.ID != caller {
		return Ended[C]{}, ErrNotRinging
	}
	return s.endAll(inv), nil
}

// Gone ends the invites of a caller's client that is gone.
func (s *Set[C]) Gone(caller int64, by C) (ended []Ended[C]) {
	for _, inv := range slices.Clone(s.callers[caller]) {
		if inv.By == by {
			ended = append(ended, s.endAll(inv))
		}
	}
	return ended
}

// Leave ends what rings for a user in a room, and what they have ringing there.
func (s *Set[C]) Leave(roomID, user int64) (called, calling []Ended[C]) {
	for _, r := range slices.Clone(s.users[user]) {
		if r.invite.RoomID == roomID {
			s.end(r)
			called = append(called, Ended[C]{r.invite, []int64{user}})
		}
	}
	if inv := s.invite(user, roomID); inv != nil {
		calling = append(calling, s.endAll(inv))
	}
	return called, calling
}

// DeleteRoom ends all that rings in a room.
func (s *Set[C]) DeleteRoom(roomID int64) (ended []Ended[C]) {
	for _, inv := range s.invites {
		if inv.RoomID == roomID {
			ended = append(ended, s.endAll(inv))
		}
	}
	return ended
}

// Clear ends everything.
func (s *Set[C]) Clear() (ended []Ended[C]) {
	for _, inv := range s.invites {
		ended = append(ended, s.endAll(inv))
	}
	return ended
}

// Expire ends the rings whose time is over, those of an invite together.
func (s *Set[C]) Expire(now time.Time) (ended []Ended[C]) {
	at := make(map[*Invite[C]]int)
	for len(s.due) > 0 && !s.due[0].until.After(now) {
		r := s.due[0]
		s.end(r)
		i, known := at[r.invite]
		if !known {
			i = len(ended)
			at[r.invite] = i
			ended = append(ended, Ended[C]{Invite: r.invite})
		}
		ended[i].Users = append(ended[i].Users, r.user)
	}
	return ended
}

// Next is when Expire has something to do, the zero time if nothing rings.
func (s *Set[C]) Next() (at time.Time) {
	if len(s.due) > 0 {
		at = s.due[0].until
	}
	return at
}

// Ringing is an invite as it rings for a user.
type Ringing[C comparable] struct {
	Invite *Invite[C]
	Until  time.Time
}

// Of is what rings for a user, the first to ring first.
func (s *Set[C]) Of(user int64) (ringing []Ringing[C]) {
	for _, r := range s.users[user] {
		ringing = append(ringing, Ringing[C]{r.invite, r.until})
	}
	return ringing
}

// Calling reports whether a user has anything ringing.
func (s *Set[C]) Calling(user int64) bool { return len(s.callers[user]) > 0 }

func (s *Set[C]) named(id string, roomID int64) *Invite[C] {
	if inv := s.invites[id]; inv != nil && (roomID == 0 || roomID == inv.RoomID) {
		return inv
	}
	return nil
}

func (s *Set[C]) endAll(inv *Invite[C]) Ended[C] {
	e := Ended[C]{Invite: inv}
	for _, r := range slices.Clone(inv.rings) {
		s.end(r)
		e.Users = append(e.Users, r.user)
	}
	return e
}
