package membership

import (
	"context"

	"parley/auth"
	"parley/protocol"
	"parley/store"
)

// Check returns a room if userID is a participant of it, and not_found if not.
// It does not count what is unread, as Get does.
func (s *Service) Check(ctx context.Context, userID, roomID int64) (store.Room, error) {
	in, err := s.IsParticipant(ctx, roomID, userID)
	if err != nil {
		return store.Room{}, err
	}
	if err := auth.MaySeeRoom(in); err != nil {
		return store.Room{}, err
	}
	r, err := s.store.RoomByID(ctx, roomID)
	if err != nil {
		return store.Room{}, stored("find room", err)
	}
	return r, nil
}

// Join makes a user a participant of a room that is not private, and returns
// it. One who is a participant already stays one.
func (s *Service) Join(ctx context.Context, userID, roomID int64) (protocol.Room, error) {
	r, err := s.store.RoomByID(ctx, roomID)
	if err != nil {
		return protocol.Room{}, stored("find room", err)
	}
	in, err := s.IsParticipant(ctx, roomID, userID)
	if err != nil {
		return protocol.Room{}, err
	}
	if err := auth.MayJoinRoom(r.Private, in); err != nil {
		return protocol.Room{}, err
	}
	if !in {
		if err := s.add(ctx, roomID, userID); err != nil {
			return protocol.Room{}, err
		}
	}
	return s.Get(ctx, userID, roomID)
}

// Leave ends a user's participation by their own wish: conflict for the owner,
// not_found for one who is no participant.
func (s *Service) Leave(ctx context.Context, userID, roomID int64) error {
	r, err := s.Check(ctx, userID, roomID)
	if err != nil {
		return err
	}
	if err := auth.MayLeaveRoom(userID, r.Owner.ID); err != nil {
		return err
	}
	removed, err := s.remove(ctx, roomID, userID)
	if err != nil {
		return err
	}
	if removed {
		s.live.Removed(roomID, userID, protocol.LeaveLeft)
	}
	return nil
}
