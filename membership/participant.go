package membership

import (
	"context"
	"errors"
	"fmt"

	"parley/auth"
	"parley/protocol"
	"parley/store"
)

// Participants returns a page of who is in a room, first to join first, and
// how many there are in all.
func (s *Service) Participants(ctx context.Context, userID, roomID int64, p store.Page) ([]protocol.Participant, int, error) {
	if _, err := s.Check(ctx, userID, roomID); err != nil {
		return nil, 0, err
	}
	people, total, err := s.store.ParticipantsOf(ctx, roomID, p)
	if err != nil {
		return nil, 0, fmt.Errorf("membership: list participants: %w", err)
	}
	out := make([]protocol.Participant, len(people))
	for i, m := range people {
		out[i] = participant(m)
	}
	return out, total, nil
}

// Add makes another user a participant: the owner's right. One who is a
// participant already stays one.
func (s *Service) Add(ctx context.Context, userID, roomID int64, t Target) (protocol.Participant, error) {
	if _, err := s.managed(ctx, userID, roomID); err != nil {
		return protocol.Participant{}, err
	}
	u, err := s.find(ctx, t)
	if err != nil {
		return protocol.Participant{}, err
	}
	if err := s.add(ctx, roomID, u.ID); err != nil {
		return protocol.Participant{}, err
	}
	return s.participant(ctx, roomID, u.ID)
}

// Remove ends another user's participation: the owner's right. Conflict if
// that is the owner, not_found if the user is no participant.
func (s *Service) Remove(ctx context.Context, userID, roomID int64, t Target) error {
	r, err := s.managed(ctx, userID, roomID)
	if err != nil {
		return err
	}
	u, err := s.find(ctx, t)
	if err != nil {
		return err
	}
	if err := auth.MayLeaveRoom(u.ID, r.Owner.ID); err != nil {
		return err
	}
	removed, err := s.remove(ctx, roomID, u.ID)
	if err != nil {
		return err
	}
	if !removed {
		return errNotIn()
	}
	s.live.Removed(roomID, u.ID, protocol.LeaveRemoved)
	return nil
}

// add makes a user a participant and, of one who was none before, tells so. Once
// begun it is seen through, though its client may not wait.
func (s *Service) add(ctx context.Context, roomID, userID int64) error {
	added, err := s.store.AddParticipant(context.WithoutCancel(ctx), roomID, userID)
	if err != nil {
		return stored("add participant", err)
	}
	if added {
		s.live.Added(roomID, userID)
	}
	return nil
}

// remove is where ownership that was handed over in the meantime shows. Once
// begun it is seen through, though its client may not wait.
func (s *Service) remove(ctx context.Context, roomID, userID int64) (bool, error) {
	removed, err := s.store.RemoveParticipant(context.WithoutCancel(ctx), roomID, userID)
	s.ForgetParticipant(roomID, userID) // whatever became of it
	if errors.Is(err, store.ErrOwner) {
		return false, auth.MayLeaveRoom(userID, userID)
	}
	if err != nil {
		return false, stored("remove participant", err)
	}
	return removed, nil
}

// participant finds one participant.
func (s *Service) participant(ctx context.Context, roomID, userID int64) (protocol.Participant, error) {
	p, err := s.store.ParticipantOf(ctx, roomID, userID)
	if errors.Is(err, store.ErrNotParticipant) {
		return protocol.Participant{}, errNotIn() // removed again meanwhile
	}
	if err != nil {
		return protocol.Participant{}, fmt.Errorf("membership: find participant: %w", err)
	}
	return participant(p), nil
}

func errNotIn() error {
	return protocol.Errorf(protocol.CodeNotFound, "that user is not a participant of the room")
}
