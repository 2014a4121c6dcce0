package membership

import (
	"context"
	"fmt"
	"time"

	"parley/internal/recent"
)

// Remembered participants are few bytes each; those of a busy ten seconds fit.
const (
	mostRemembered = 1 << 16
	rememberedFor  = 10 * time.Second
)

// place is a user's in a room. Without a user it is the room itself, on which
// all places in it rest.
type place struct{ room, user int64 }

type places = recent.Facts[place, struct{}, place]

func newPlaces() *places {
	return recent.New(mostRemembered, rememberedFor, func(p place, _ struct{}) [2]place {
		return [2]place{p, {room: p.room}}
	})
}

// IsParticipant reports whether the room exists and the user belongs to it. It
// blocks for one read of the store, and lets Remembers answer for a while.
func (s *Service) IsParticipant(ctx context.Context, roomID, userID int64) (bool, error) {
	began := s.places.Begin()
	in, err := s.store.IsParticipant(ctx, roomID, userID)
	if err != nil {
		return false, fmt.Errorf("membership: find participant: %w", err)
	}
	if in {
		s.places.Put(place{roomID, userID}, struct{}{}, began)
	}
	return in, nil
}

// Remembers reports that IsParticipant has found the user in the room in the
// last ten seconds and that nothing has ended it since: it neither blocks nor
// asks the store. False means nothing.
//
// An ending is felt at once on the node where it happens, and on others when
// they hear of it (ForgetParticipant, ForgetRoom): so its answer is good where
// what is opened by it ends with the participation, as a session does.
func (s *Service) Remembers(roomID, userID int64) bool {
	_, in := s.places.Get(place{roomID, userID})
	return in
}

// ForgetParticipant is called when a user is no participant any more, on
// whichever node.
func (s *Service) ForgetParticipant(roomID, userID int64) { s.places.End(place{roomID, userID}) }

// ForgetRoom is called when a room is gone, on whichever node.
func (s *Service) ForgetRoom(roomID int64) { s.places.End(place{room: roomID}) }
