package room

import (
	"bytes"
	"time"

	"parley/edge"
	"parley/protocol"
)

// Session is a user's presence in a channel of a room, by way of a socket. What
// it is to the room is kept apart from the socket that carries it, which may be
// on another shard.
type Session struct {
	// static
	room    *Room
	part    *part
	user    *protocol.User
	checked time.Duration // when the checking of its right began, since the hub did

	// owned by the room's shard
	conn        socket
	held        *hold // nil once released
	whenDrained func()
	why         *protocol.LeaveReason // set by Close
	pauses      int32                 // PauseReading less ResumeReading
	greeted     bool                  // Welcome was sent
	gone        bool                  // no longer in the room
	arrived     bool                  // the concierges know of it
	shared      bool                  // its socket has other sessions too; static
}

func (s *Session) init(r *Room, c socket, e Entry) {
	*s = Session{
		room: r, part: r.part(e.Channel), user: e.User,
		checked: r.shard.hub.age(e.Checked), conn: c, held: &hold{since: e.Since, packed: e.packed}, shared: e.shared,
	}
}

// begin hands the session to its behavior; nothing is received before Welcome.
func (s *Session) begin() {
	defer s.survive()
	if l, is := s.conn.(*line); is {
		l.conn.Join(&s.room.share)
	}
	s.PauseReading()
	if p := s.held.packed; p != nil && p.greeted {
		if m, is := s.part.behavior.(Mover); is {
			m.Unpack(s, p.body)
			s.room.witness(s)
			return
		}
	}
	s.part.behavior.Enter(s)
}

func (s *Session) leave() {
	defer s.survive()
	s.part.behavior.Leave(s, *s.why)
}

// User is whose session it is. It must not be changed, and may be kept.
func (s *Session) User() *protocol.User { return s.user }

// Since is the last seq that the client has, -1 if it did not say. It is known
// until Release.
func (s *Session) Since() int64 {
	if s.held == nil {
		return -1
	}
	return s.held.since
}

// Gone reports that the session has left its room. What is still under way for
// it need not be finished.
func (s *Session) Gone() bool { return s.gone }

// Welcome sends the first frame on a socket, the session's first or one that it
// is resumed on, and begins to receive. What the room sends is held back until
// Release.
func (s *Session) Welcome() {
	s.conn.Welcome(protocol.Welcome{RoomID: s.room.id, LastSeq: s.part.behavior.LastSeq()})
	if !s.greeted {
		s.greeted = true
		if s.held != nil { // it may have gone meanwhile
			s.held.packed = nil
		}
		s.ResumeReading()
	}
}

// Send gives the session a frame, now or, while it is held, later.
func (s *Session) Send(f Frame) {
	if s.gone {
		return
	}
	if s.held == nil {
		s.deliver(f)
		return
	}
	if !s.held.add(f, s.room.shard.hub.cfg.HoldBytes) {
		s.Close(protocol.CloseSlowReader, "too slow a reader", protocol.LeaveTimeout)
	}
}

// Direct sends a frame past a hold: replays, and answers to the client's own
// frames.
func (s *Session) Direct(f Frame) {
	if !s.gone {
		s.deliver(f)
	}
}

// answer sends what follows from a frame of the client's, in order with what its
// channel sends.
func (s *Session) answer(f Frame) {
	if s.part.channel == protocol.ChannelChat {
		f.wire.Bulk()
	}
	if s.gone && *s.why == protocol.LeaveMoved {
		s.room.shard.hub.late(s.ConnectionID(), bytes.Clone(f.Payload()))
		return
	}
	s.Direct(f)
}

func (s *Session) deliver(f Frame) {
	s.room.shard.hub.cfg.Meter.FrameOut(string(f.Type), 1)
	s.conn.Send(f.wire)
}

// Ack answers a client's frame, if it had an id.
func (s *Session) Ack(id protocol.ID, data protocol.Payload) {
	if id == nil {
		return
	}
	s.answer(s.room.Fill(protocol.TypeAck, func(b []byte) []byte {
		return protocol.AppendReply(b, protocol.TypeAck, id, s.room.id, data)
	}))
}

// Fail answers a client's frame with an error; one that is not a
// protocol.Error is logged and reported as internal.
func (s *Session) Fail(id protocol.ID, err error) {
	hub := s.room.shard.hub
	e := protocol.AsError(err)
	if e.Code == protocol.CodeInternal {
		hub.cfg.Logger.Error("room: request failed", "room", s.room.id, "user", s.user.ID, "err", err)
	}
	hub.cfg.Meter.ErrorSent(string(e.Code))
	s.answer(s.room.Fill(protocol.TypeError, func(b []byte) []byte {
		return protocol.AppendError(b, id, s.room.id, e)
	}))
}

// Close ends the session; its behavior's Leave follows in this turn.
func (s *Session) Close(code protocol.CloseCode, reason string, why protocol.LeaveReason) {
	if s.why == nil {
		s.why = &why
	}
	s.conn.Close(uint16(code), reason)
}

// PauseReading stops Behavior.Receive, so that a client that asks for more than
// can be done waits. Several reasons to pause may overlap: reading goes on when
// each has been undone.
func (s *Session) PauseReading() {
	s.pauses++
	s.conn.PauseReading()
}

// ResumeReading undoes one PauseReading.
func (s *Session) ResumeReading() {
	if s.pauses--; s.pauses == 0 {
		s.conn.ResumeReading()
	}
}

// Buffered is how many bytes wait for the session's socket; of a socket on
// another shard that is a recent estimate, without what was broadcast.
func (s *Session) Buffered() int { return s.conn.Buffered() }

// Portion is how many bytes may be sent to a session at once at will: well below
// the bound at which its reader counts as too slow.
func (s *Session) Portion() int { return s.room.shard.hub.cfg.HoldBytes / 8 }

// WhenDrained calls fn once, when little waits for the session's socket.
func (s *Session) WhenDrained(fn func()) {
	s.whenDrained = fn
	s.conn.NotifyDrained()
}

// at implements rider.
func (s *Session) at(roomID int64, ch protocol.Channel) bool {
	return s.room.id == roomID && s.part.channel == ch
}

// again implements rider.
func (s *Session) again(id protocol.ID) {
	s.Ack(id, protocol.Subscribed{LastSeq: s.part.behavior.LastSeq()})
}

// received implements rider.
func (s *Session) received(payload []byte) {
	defer s.survive()
	hub := s.room.shard.hub
	e, err := protocol.Decode(payload)
	if err == nil && e.RoomID != 0 && e.RoomID != s.room.id {
		err = protocol.Invalid("room_id", "this socket is of room %d", s.room.id)
	}
	hub.cfg.Meter.FrameIn(string(e.Type))
	switch {
	case err != nil:
		s.Fail(e.ID, err)
		return
	case e.Type == protocol.TypePing:
		s.answer(s.room.Fill(protocol.TypePong, func(b []byte) []byte {
			return protocol.AppendReply(b, protocol.TypePong, e.ID, s.room.id, protocol.Empty{})
		}))
		return
	case e.Type == protocol.TypeReceived: // of a client that need not say so
		s.Ack(e.ID, protocol.Empty{})
		return
	}
	if c := hub.concierge(e.Type); c != nil {
		c.Receive(s, s.part.channel, s.room.id, e)
		return
	}
	s.part.behavior.Receive(s, e)
	if sp := s.room.spill; sp != nil {
		sp.throttle(s)
	}
}

// drained implements rider.
func (s *Session) drained() {
	defer s.survive()
	if fn := s.whenDrained; fn != nil {
		s.whenDrained = nil
		fn()
	}
}

// suspended implements rider. The behavior hears neither of this nor of a resume
// before it has welcomed the session, a subscription's on a socket that was.
func (s *Session) suspended(until time.Time) {
	if !s.greeted {
		return
	}
	defer s.survive()
	s.part.behavior.Suspend(s, until)
}

// resumed implements rider.
func (s *Session) resumed() {
	if !s.greeted {
		s.conn.Awaited()
		return
	}
	defer s.survive()
	if l, is := s.conn.(*line); is {
		l.conn.Join(&s.room.share)
	}
	s.part.behavior.Resume(s)
}

// closed implements rider.
func (s *Session) closed(c edge.Closure) {
	if s.gone {
		return // moved, and now its line is too
	}
	s.gone = true
	s.held = nil
	s.whenDrained = nil
	if s.why == nil {
		why := leaveReason(c)
		s.why = &why
	}
	s.room.shard.leave(s)
	if s.arrived {
		s.room.shard.hub.left(s, s.part.channel, *s.why == protocol.LeaveMoved)
	}
}

// leaveReason tells a departure from a loss: whoever may come back has not left.
func leaveReason(c edge.Closure) protocol.LeaveReason {
	switch {
	case c.Code == codeMoved:
		return protocol.LeaveMoved
	case lost(c):
		return protocol.LeaveTimeout
	case !c.Remote && c.Code == uint16(protocol.CloseUnauthenticated):
		return protocol.LeaveLogout
	}
	return protocol.LeaveLeft
}
