package ringing

import (
	"context"

	"parley/protocol"
	"parley/room"
)

// receive implements room.Concierge.
func (s *Service) receive(c room.Client, ch protocol.Channel, roomID int64, e protocol.Envelope) {
	if e.Type == protocol.TypeCallInvite {
		if err := s.ask(caller{c, ch}, roomID, e); err != nil {
			c.Fail(e.ID, err)
		}
		return
	}
	var in protocol.InviteRef
	err := protocol.DecodeData(e.Data, &in)
	if err == nil && in.InviteID == "" {
		err = protocol.Invalid("invite_id", "is required")
	}
	if boot := s.nodeOf(in.InviteID); err == nil && boot != "" {
		s.putTo(boot, c, e.ID, question{Room: roomID, Invite: in.InviteID, Type: e.Type})
		return
	}
	if err == nil {
		err = s.change(respondent{*c.User(), room.NameOf(c)}, roomID, e.Type, in.InviteID)
	}
	if err != nil {
		c.Fail(e.ID, err)
		return
	}
	c.Ack(e.ID, protocol.Empty{})
}

// respondent is who answers an invite or ends it, by a connection of some node.
type respondent struct {
	user       protocol.User
	connection string
}

func (s *Service) change(by respondent, roomID int64, t protocol.Type, id string) error {
	switch t {
	case protocol.TypeCallAccept:
		return s.answer(by, roomID, id, t, protocol.AnswerAccepted)
	case protocol.TypeCallDecline:
		return s.answer(by, roomID, id, t, protocol.AnswerDeclined)
	default:
		return s.cancel(by, roomID, id)
	}
}

// answer takes a user's word: the caller hears it, and so do the user's other
// devices.
func (s *Service) answer(from respondent, roomID int64, id string, t protocol.Type, kind protocol.AnswerKind) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	inv, err := s.set.Answer(id, roomID, from.user.ID)
	if err != nil {
		return clientError(err)
	}
	s.cfg.Meter.InvitesEnded(string(kind), 1)
	by, user := inv.By, from.user
	s.later(func(context.Context) {
		s.announce(message{Silent: &silent{Invite: id, Users: []int64{user.ID}}})
		s.tellCaller(inv, by, t, protocol.InviteAnswer{InviteID: id, User: user})
		room.Tell(s.hub, room.Audience{UserID: user.ID, ChatOf: inv.RoomID, Except: from.connection},
			protocol.TypeCallAnsweredElsewhere, inv.RoomID, protocol.AnsweredElsewhere{InviteID: id, Answer: kind})
	})
	return nil
}

// tellCaller gives a frame to a caller's sockets: the one that invited hears it
// even if it is a call's.
func (s *Service) tellCaller(inv *invite, by caller, t protocol.Type, data protocol.InviteAnswer) {
	to := room.Audience{UserID: inv.Caller.ID, ChatOf: inv.RoomID}
	if by.channel == protocol.ChannelCall {
		to.Also = room.NameOf(by.client)
	}
	room.Tell(s.hub, to, t, inv.RoomID, data)
}

func (s *Service) cancel(by respondent, roomID int64, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, err := s.set.Cancel(id, roomID, by.user.ID)
	if err != nil {
		return clientError(err)
	}
	s.cancelled(e)
	return nil
}

// What an invite of a user came to, besides their own answers.
const (
	resultCancelled = "cancelled"
	resultMissed    = "missed"
)

// cancelled tells users that it rings for them no longer: they missed the call.
// Call it with mu held.
func (s *Service) cancelled(e ended) {
	s.silence(e)
	s.missed(e, resultCancelled)
}

// withdrawn tells users who have lost the right to the room that it rings for them
// no longer. Call it with mu held.
func (s *Service) withdrawn(e ended) {
	s.silence(e)
	s.cfg.Meter.InvitesEnded(resultCancelled, len(e.Users))
}

func (s *Service) silence(e ended) {
	s.later(func(context.Context) {
		s.announce(message{Silent: &silent{Invite: e.Invite.ID, Users: e.Users}})
		for _, user := range e.Users {
			room.Tell(s.hub, room.Audience{UserID: user, ChatOf: e.Invite.RoomID},
				protocol.TypeCallCancel, e.Invite.RoomID, protocol.InviteRef{InviteID: e.Invite.ID})
		}
	})
}

// removed implements room.Endings: what a user misses in a room goes with their
// participation, what they had ringing there does not.
func (s *Service) removed(roomID, userID int64, _ protocol.LeaveReason) {
	s.mu.Lock()
	defer s.mu.Unlock()
	called, calling := s.set.Leave(roomID, userID)
	for _, e := range called {
		s.withdrawn(e)
	}
	for _, e := range calling {
		s.cancelled(e)
	}
}

// roomDeleted implements room.Endings.
func (s *Service) roomDeleted(roomID int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.set.DeleteRoom(roomID) {
		s.withdrawn(e)
	}
}
