package chat

import (
	"context"
	"time"

	"parley/protocol"
	"parley/store"
)

// Page lists a room's messages, newest first, and how many there are in all.
// Like all that follow it answers not_found to those who are no participants.
func (s *Service) Page(ctx context.Context, userID, roomID int64, p store.Page) ([]protocol.Message, int, error) {
	if err := s.mustBelong(ctx, userID, roomID); err != nil {
		return nil, 0, err
	}
	ms, n, err := s.store.MessagesPage(ctx, roomID, p)
	return wireAll(ms), n, clientError(err)
}

// After lists messages with seq > seq, ascending.
func (s *Service) After(ctx context.Context, userID, roomID, seq int64, limit int) ([]protocol.Message, error) {
	if err := s.mustBelong(ctx, userID, roomID); err != nil {
		return nil, err
	}
	ms, err := s.store.MessagesAfter(ctx, roomID, seq, limit)
	return wireAll(ms), clientError(err)
}

// Before lists messages with seq < seq, descending.
func (s *Service) Before(ctx context.Context, userID, roomID, seq int64, limit int) ([]protocol.Message, error) {
	if err := s.mustBelong(ctx, userID, roomID); err != nil {
		return nil, err
	}
	ms, err := s.store.MessagesBefore(ctx, roomID, seq, limit)
	return wireAll(ms), clientError(err)
}

// ChangedSince lists messages edited or deleted at or after since.
func (s *Service) ChangedSince(ctx context.Context, userID, roomID int64, since time.Time, p store.Page) ([]protocol.Message, int, error) {
	if err := s.mustBelong(ctx, userID, roomID); err != nil {
		return nil, 0, err
	}
	ms, n, err := s.store.MessagesChangedSince(ctx, roomID, since, p)
	return wireAll(ms), n, clientError(err)
}

func (s *Service) mustBelong(ctx context.Context, userID, roomID int64) error {
	ok, err := s.store.IsParticipant(ctx, roomID, userID)
	if err != nil {
		return clientError(err)
	}
	if !ok {
		return protocol.Errorf(protocol.CodeNotFound, "no such room")
	}
	return nil
}
