package ringing

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"parley/protocol"
	"parley/ringing/ring"
	"parley/room"
	"parley/store"
)

// How long an invite rings.
const (
	defaultLifetime  = 30 * time.Second
	shortestLifetime = time.Second
	longestLifetime  = 120 * time.Second
)

// asked is an invite on its way through the store.
type asked struct {
	by       caller
	id       protocol.ID
	roomID   int64
	target   int64 // 0: all others of the room
	lifetime time.Duration
}

// ask takes a call_invite.
func (s *Service) ask(by caller, roomID int64, e protocol.Envelope) error {
	a, err := readInvite(by, roomID, e)
	if err != nil {
		return err
	}
	user := by.client.User().ID
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.stopped || s.asking == mostAsked:
		return errUnavailable()
	case s.asked[user] == ring.MaxInvites:
		return errTooManyInvites()
	}
	s.asked[user]++
	s.asking++
	s.later(func(ctx context.Context) { s.invite(ctx, a) })
	return nil
}

func readInvite(by caller, roomID int64, e protocol.Envelope) (asked, error) {
	var in protocol.SendInvite
	if err := protocol.DecodeData(e.Data, &in); err != nil {
		return asked{}, err
	}
	a := asked{by: by, id: e.ID.Clone(), roomID: roomID, lifetime: defaultLifetime}
	if roomID == 0 {
		return a, protocol.Invalid("room_id", "is required")
	}
	if in.LifetimeMS != nil {
		if *in.LifetimeMS < shortestLifetime.Milliseconds() || *in.LifetimeMS > longestLifetime.Milliseconds() {
			return a, protocol.Invalid("lifetime_ms", "must be from %d to %d",
				shortestLifetime.Milliseconds(), longestLifetime.Milliseconds())
		}
		a.lifetime = time.Duration(*in.LifetimeMS) * time.Millisecond
	}
	if in.TargetUserID != nil {
		a.target = *in.TargetUserID
		switch {
		case a.target < 1:
			return a, protocol.Invalid("target_user_id", "a positive integer is required")
		case a.target == by.client.User().ID:
			return a, protocol.Invalid("target_user_id", "is yourself")
		}
	}
	return a, nil
}

// invite looks up who is invited, and has it ring for them.
func (s *Service) invite(ctx context.Context, a asked) {
	c := a.by.client
	users, err := s.called(ctx, a)
	until := time.Now().Add(a.lifetime)
	inv, err := s.begin(a, users, until, err)
	if err != nil {
		c.Post(func() { c.Fail(a.id, err) })
		return
	}
	c.Post(func() {
		c.Ack(a.id, protocol.Invited{InviteID: inv.ID, ExpiresAt: protocol.At(until), Invited: users})
	})
	frame := incoming(inv, until)
	s.announce(message{Rings: &rings{inv.RoomID, inv.ID, inv.Caller, users, until}})
	for _, user := range users {
		room.Tell(s.hub, room.Audience{UserID: user, ChatOf: inv.RoomID}, protocol.TypeIncomingCall, inv.RoomID, frame)
	}
}

// begin has it ring, unless the look-up failed.
func (s *Service) begin(a asked, users []int64, until time.Time, failed error) (*invite, error) {
	user := a.by.client.User()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asking--
	if s.asked[user.ID]--; s.asked[user.ID] == 0 {
		delete(s.asked, user.ID)
	}
	if failed != nil {
		return nil, failed
	}
	if s.stopped {
		return nil, errUnavailable()
	}
	inv, err := s.set.Invite(ring.Call[caller]{
		ID: s.inviteID(rand.Text()), RoomID: a.roomID, Caller: *user, By: a.by, Users: users, Until: until,
	})
	return inv, clientError(err)
}

// called is who a caller, who must be a participant, invites.
func (s *Service) called(ctx context.Context, a asked) ([]int64, error) {
	caller := a.by.client.User().ID
	if a.by.channel == "" { // of others the session says so
		if in, err := s.store.IsParticipant(ctx, a.roomID, caller); err != nil || !in {
			return nil, lookedUp(err, "no such room")
		}
	}
	if a.target != 0 {
		if in, err := s.store.IsParticipant(ctx, a.roomID, a.target); err != nil || !in {
			return nil, lookedUp(err, "that user is not a participant of the room")
		}
		return []int64{a.target}, nil
	}
	people, count, err := s.store.ParticipantsOf(ctx, a.roomID, store.Page{Limit: ring.MaxUsers + 1})
	switch {
	case err != nil:
		return nil, lookedUp(err, "")
	case count > ring.MaxUsers+1:
		return nil, errTooManyUsers()
	}
	var users []int64
	for _, p := range people {
		if p.ID != caller {
			users = append(users, p.ID)
		}
	}
	if len(users) == 0 {
		return nil, protocol.Errorf(protocol.CodeNotFound, "nobody else is in the room")
	}
	return users, nil
}

// incoming is an invite as those hear of it for whom it rings.
func incoming(inv *invite, until time.Time) protocol.IncomingCall {
	return ringing{inv.ID, inv.RoomID, inv.Caller, until}.incoming()
}

// lookedUp is what a client hears of a look-up that failed, or found nobody.
func lookedUp(err error, nobody string) error {
	switch {
	case err == nil:
		return protocol.Errorf(protocol.CodeNotFound, "%s", nobody)
	case errors.Is(err, store.ErrClosed) || errors.Is(err, context.Canceled):
		return errUnavailable()
	default:
		return fmt.Errorf("ringing: %w", err)
	}
}

func clientError(err error) error {
	switch {
	case errors.Is(err, ring.ErrTooManyInvites):
		return errTooManyInvites()
	case errors.Is(err, ring.ErrTooManyUsers):
		return errTooManyUsers()
	case errors.Is(err, ring.ErrFull):
		return protocol.Errorf(protocol.CodeUnavailable, "too many calls ring on this node")
	case errors.Is(err, ring.ErrNotRinging):
		return protocol.Errorf(protocol.CodeNotFound, "no such invite rings")
	}
	return err
}

func errUnavailable() error {
	return protocol.Errorf(protocol.CodeUnavailable, "the server is stopping, or has too many invites before it")
}

func errTooManyInvites() error {
	return protocol.Errorf(protocol.CodeRateLimited, "at most %d of your invites ring at a time", ring.MaxInvites)
}

func errTooManyUsers() error {
	return protocol.Invalid("target_user_id", "at most %d users can be invited at a time: name one", ring.MaxUsers)
}
