package ringing

import (
	"context"
	"time"

	"parley/protocol"
	"parley/room"
)

// arrived implements room.Concierge: a client hears what rings for its user, and
// the first to come what they missed.
func (s *Service) arrived(c room.Client, ch protocol.Channel) {
	if ch == protocol.ChannelCall {
		return
	}
	user := c.User().ID
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clients.add(c)
	for _, r := range s.set.Of(user) {
		if inRoom(c, r.Invite.RoomID) {
			c.Send(room.Encode(protocol.TypeIncomingCall, r.Invite.RoomID, incoming(r.Invite, r.Until)))
		}
	}
	for _, r := range s.elsewhere.of(user, time.Now()) {
		if inRoom(c, r.room) {
			c.Send(room.Encode(protocol.TypeIncomingCall, r.room, r.incoming()))
		}
	}
	if _, untold := s.untold[user]; untold {
		delete(s.untold, user)
		s.later(func(ctx context.Context) { s.tellMissed(ctx, user) })
	}
}

// inRoom reports whether a client is told what happens in a room: one of a single
// room, of which it knows the id, only in that.
func inRoom(c room.Client, roomID int64) bool {
	single, ok := c.(interface{ RoomID() int64 })
	return !ok || single.RoomID() == roomID
}

// left implements room.Concierge. Invites that its user has asked for are dealt
// with first: one of them may be this client's.
func (s *Service) left(c room.Client, ch protocol.Channel) {
	user := c.User().ID
	s.mu.Lock()
	defer s.mu.Unlock()
	if ch != protocol.ChannelCall {
		s.clients.remove(c)
	}
	if s.asked[user] > 0 || s.set.Calling(user) {
		s.later(func(context.Context) { s.gone(caller{c, ch}) })
	}
}

// moved implements room.Concierge. What the client has ringing rings on, until it
// is answered, cancelled from wherever the user is, or its time is over.
func (s *Service) moved(c room.Client, ch protocol.Channel) {
	if ch != protocol.ChannelCall {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.clients.remove(c)
	}
}

func (s *Service) gone(by caller) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.set.Gone(by.client.User().ID, by) {
		s.cancelled(e)
	}
}
