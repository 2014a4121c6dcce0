package ringing

import (
	"context"
	"fmt"

	"parley/protocol"
	"parley/room"
	"parley/store"
)

// mostTold is how many missed calls a user is told of at a time; older ones are
// in the list.
const mostTold = 100

// missed stores that users missed a call, and then tells them. Call it with mu
// held.
func (s *Service) missed(e ended, result string) {
	s.cfg.Meter.InvitesEnded(result, len(e.Users))
	s.later(func(ctx context.Context) {
		inv := e.Invite
		if err := s.store.AddMissedCalls(ctx, inv.RoomID, inv.Caller.ID, e.Users); err != nil {
			s.cfg.Logger.Error("ringing: missed calls not stored", "room", inv.RoomID, "users", len(e.Users), "err", err)
			return
		}
		for _, user := range e.Users {
			s.tellMissed(ctx, user)
			s.announce(message{Missed: user})
		}
	})
}

// tellMissed tells a user's clients what the user missed and was not told of, those
// of other nodes too. If there is none here, the next to arrive is told.
func (s *Service) tellMissed(ctx context.Context, user int64) {
	to := s.audience(user)
	if len(to) == 0 {
		return
	}
	calls, err := s.store.TakeUntoldCalls(ctx, user, mostTold)
	if err != nil {
		s.cfg.Logger.Error("ringing: missed calls not told", "user", user, "err", err)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.untold[user] = struct{}{}
		return
	}
	told := toldOf{User: user}
	for _, call := range calls {
		f := room.Encode(protocol.TypeCallMissed, call.RoomID, wire(call))
		for _, c := range to {
			c.Post(func() { c.Send(f) })
		}
		told.Frames = append(told.Frames, f.Payload())
	}
	if len(calls) > 0 {
		s.announce(message{Told: &told})
	}
}

// audience lists a user's clients; if there is none, it is kept in mind that the
// user is to be told.
func (s *Service) audience(user int64) []room.Client {
	s.mu.Lock()
	defer s.mu.Unlock()
	var to []room.Client
	if !s.stopped { // those that there are will be told by the next process
		to = s.clients.of(user)
	}
	if len(to) == 0 {
		s.untold[user] = struct{}{}
	}
	return to
}

// Missed lists the calls that a user missed, newest first, and how many there are
// in all.
func (s *Service) Missed(ctx context.Context, userID int64, p store.Page) ([]protocol.MissedCall, int, error) {
	calls, count, err := s.store.MissedCallsOf(ctx, userID, p)
	if err != nil {
		return nil, 0, fmt.Errorf("ringing: missed calls: %w", err)
	}
	list := make([]protocol.MissedCall, len(calls))
	for i, c := range calls {
		list[i] = wire(c)
	}
	return list, count, nil
}

// See marks a user's missed calls up to an id as seen.
func (s *Service) See(ctx context.Context, userID, upTo int64) error {
	if upTo < 1 {
		return protocol.Invalid("up_to_id", "a positive integer is required")
	}
	if err := s.store.SeeMissedCalls(ctx, userID, upTo); err != nil {
		return fmt.Errorf("ringing: see missed calls: %w", err)
	}
	return nil
}

func wire(c store.MissedCall) protocol.MissedCall {
	return protocol.MissedCall{
		ID: c.ID, RoomID: c.RoomID,
		From:      protocol.User{ID: c.Caller.ID, Username: c.Caller.Username, DisplayName: c.Caller.DisplayName},
		CreatedAt: protocol.At(c.CreatedAt), Seen: c.Seen,
	}
}
