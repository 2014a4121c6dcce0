package inbox

import (
	"context"
	"slices"
	"time"

	"parley/protocol"
	"parley/room"
)

// added tells a user of a room that they are in now. Whether the rooms, as they
// were read, had it already says nothing: the client may know of none.
func (s *Service) added(roomID, userID int64) {
	r := s.users[userID]
	if r == nil {
		return
	}
	r.when(func() {
		if at, in := slices.BinarySearch(r.rooms, roomID); !in {
			r.rooms = slices.Insert(r.rooms, at, roomID)
			s.places.add(roomID, r)
		}
		s.show(r, roomID)
	})
}

// show reads a room and sends it.
func (s *Service) show(r *resident, roomID int64) {
	if !s.here(r) || !r.in(roomID) {
		return // not any more
	}
	began := time.Now()
	s.reads.do(func(ctx context.Context) {
		view, err := s.rooms.Get(ctx, r.user, roomID)
		s.mailbox.post(func() {
			switch {
			case !s.here(r) || !r.in(roomID): // not any more
			case err != nil && protocol.AsError(err).Code == protocol.CodeNotFound: // that will be heard
			case err != nil:
				s.fail(ctx, "room not read", err)
				time.AfterFunc(retryAfter, func() { s.mailbox.post(func() { s.show(r, roomID) }) })
			default:
				r.send(room.Encode(protocol.TypeRoomAdded, roomID, protocol.RoomAdded{Room: view}))
				if s.mayBeOld(roomID, began) {
					s.changed(roomID, r.user)
				}
			}
		})
	})
}

// removed tells a user of a room that they are in no more.
func (s *Service) removed(roomID, userID int64, why protocol.LeaveReason) {
	if r := s.users[userID]; r != nil {
		r.when(func() { s.remove(r, roomID, why) })
	}
}

func (s *Service) remove(r *resident, roomID int64, why protocol.LeaveReason) {
	if at, in := slices.BinarySearch(r.rooms, roomID); in {
		r.rooms = slices.Delete(r.rooms, at, at+1)
		s.places.remove(roomID, r)
	}
	r.send(room.Encode(protocol.TypeRoomRemoved, roomID, protocol.RoomRemoved{RoomID: roomID, Reason: why}))
}

// deleted tells all who were in a room that it is gone. Of those whose rooms are
// being read, it tells those who were found in it: whether others were, before they
// were read, nobody knows any more.
func (s *Service) deleted(roomID int64) {
	for _, p := range slices.Clone(s.places.of(roomID)) {
		s.remove(p.who, roomID, protocol.LeaveRoomDeleted)
	}
	for r := range s.settling {
		r.when(func() {
			if r.in(roomID) { // as was read before
				s.remove(r, roomID, protocol.LeaveRoomDeleted)
			}
		})
	}
}
