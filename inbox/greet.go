package inbox

import (
	"context"
	"slices"
	"time"

	"parley/protocol"
	"parley/room"
	"parley/store"
)

// greet tells a client what was unread when it came.
func (s *Service) greet(r *resident, c room.Client) {
	if !s.here(r) || !slices.Contains(r.clients, c) {
		return
	}
	began := time.Now()
	s.reads.do(func(ctx context.Context) {
		list, err := s.store.UnreadRooms(ctx, r.user, mostUnread)
		s.mailbox.post(func() {
			if err != nil {
				s.fail(ctx, "unread rooms not read", err)
				time.AfterFunc(retryAfter, func() { s.mailbox.post(func() { s.greet(r, c) }) })
				return
			}
			s.greeted(r, c, list, began)
		})
	})
}

// greeted sends a client what was read a moment ago, or has it read again where it
// may be old.
func (s *Service) greeted(r *resident, c room.Client, list []store.Unread, began time.Time) {
	for _, u := range list {
		switch {
		case !r.in(u.RoomID): // not any more
		case s.mayBeOld(u.RoomID, began):
			s.changed(u.RoomID, r.user)
		default:
			f := room.Encode(protocol.TypeUnread, u.RoomID, unread(u))
			c.Post(func() { c.Send(f) })
		}
	}
}

// mayBeOld reports that users may have been told of a room since a reading began,
// so that nobody is told what was after what is. A room has its gathering while they
// are told, and for a moment after it: if that is not over it is still there.
func (s *Service) mayBeOld(roomID int64, began time.Time) bool {
	return s.gatherings[roomID] != nil || time.Since(began) >= quiet
}

// fail says what went wrong, unless the service is being stopped.
func (s *Service) fail(ctx context.Context, what string, err error) {
	if ctx.Err() == nil {
		s.log.Error("inbox: "+what, "err", err)
	}
}
