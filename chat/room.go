package chat

import (
	"context"
	"errors"
	"time"

	"parley/protocol"
	"parley/room"
	"parley/store"
)

// roomChat is the chat of one room. It belongs to the room's shard.
type roomChat struct {
	// static
	svc  *Service
	room *room.Room

	// owned by the shard
	loading bool
	loaded  bool
	lastSeq int64 // of the newest message that was delivered, or stood when the room was loaded
	// replays are the sessions that are not up to date yet, from Enter on.
	replays map[*room.Session]*replay
	// ahead are sessions whose replay went past lastSeq, with the seq they have.
	ahead map[*room.Session]int64
	// busy is what sessions have at the store, those that have.
	busy     map[*room.Session]*busy
	online   online
	outgoing outgoing
}

func (s *Service) newRoom(r *room.Room) room.Behavior {
	c := &roomChat{svc: s, room: r}
	c.online.chat = c
	return c
}

// put and drop keep no map that has nothing in it: a room at rest has none.
func put[V any](m *map[*room.Session]V, s *room.Session, v V) {
	if *m == nil {
		*m = make(map[*room.Session]V)
	}
	(*m)[s] = v
}

func drop[V any](m *map[*room.Session]V, s *room.Session) {
	if delete(*m, s); len(*m) == 0 {
		*m = nil
	}
}

// Enter implements room.Behavior. The first session of a room has it loaded:
// the last seq is read after the room is known here, so that no message falls
// between the reading and the first delivery.
func (c *roomChat) Enter(s *room.Session) {
	c.online.enter(s.User())
	put(&c.replays, s, &replay{chat: c, session: s, cursor: s.Since()})
	switch {
	case c.loaded:
		c.welcome(s)
	case !c.loading:
		c.loading = true
		c.svc.background(c.load)
	}
}

// load runs off the shard.
func (c *roomChat) load(ctx context.Context) {
	r, err := c.svc.store.RoomByID(ctx, c.room.ID())
	if err == nil {
		err = c.loadPresence(ctx)
	}
	c.room.Post(func() {
		c.loading = false
		if err != nil {
			c.refuse(err)
			return
		}
		c.loaded = true
		c.lastSeq = max(c.lastSeq, r.LastSeq)
		for s := range c.room.Sessions(protocol.ChannelChat) {
			if c.replays[s] != nil {
				c.welcome(s)
			}
		}
	})
}

// refuse closes those who wait for a room that could not be loaded.
func (c *roomChat) refuse(err error) {
	code, reason := protocol.CloseInternal, "room not available"
	if errors.Is(err, store.ErrNotFound) {
		code, reason = protocol.CloseRoomDeleted, "room deleted"
	} else {
		c.svc.cfg.Logger.Error("chat: room not loaded", "room", c.room.ID(), "err", err)
	}
	for s := range c.room.Sessions(protocol.ChannelChat) {
		if c.replays[s] != nil {
			s.Close(code, reason, protocol.LeaveTimeout)
		}
	}
}

func (c *roomChat) welcome(s *room.Session) {
	s.Welcome()
	c.replays[s].begin()
}

// Leave implements room.Behavior.
func (c *roomChat) Leave(s *room.Session, _ protocol.LeaveReason) {
	drop(&c.replays, s)
	drop(&c.ahead, s)
	drop(&c.busy, s)
	c.online.leave(s.User())
}

// Suspend implements room.Behavior. Whoever may come back has not left.
func (c *roomChat) Suspend(*room.Session, time.Time) {}

// Resume implements room.Behavior. A replay that was under way goes on.
func (c *roomChat) Resume(s *room.Session) {
	s.Welcome()
	if c.replays[s] == nil {
		s.Send(c.online.state())
		c.online.news.told(s)
	}
}

// LastSeq implements room.Behavior.
func (c *roomChat) LastSeq() *int64 {
	last := c.lastSeq
	return &last
}

// Receive implements room.Behavior.
func (c *roomChat) Receive(s *room.Session, e protocol.Envelope) {
	var err error
	switch e.Type {
	case protocol.TypeChatMessage:
		err = c.message(s, e)
	case protocol.TypeTyping:
		err = c.typing(s, e)
	case protocol.TypeMessageRead, protocol.TypeMarkRoomAsRead:
		err = c.read(s, e)
	case protocol.TypeMessageEdit:
		err = c.edit(s, e)
	case protocol.TypeMessageDelete:
		err = c.delete(s, e)
	default:
		err = protocol.Errorf(protocol.CodeUnknownType, "a chat socket takes no such frame")
	}
	if err != nil {
		s.Fail(e.ID, err)
	}
}

// deliver sends a stored message to all who are up to date: those who are in
// replays are held. These get it by their replay.
func (c *roomChat) deliver(m protocol.Message) {
	if m.Seq <= c.lastSeq {
		return // was there when the room was loaded: read by all who want it
	}
	c.lastSeq = m.Seq
	frame := room.EncodeIn(c.room, protocol.TypeChatMessage, m)
	c.room.BroadcastLive(protocol.ChannelChat, frame, room.Except{Sessions: c.had(m.Seq)})
	for _, p := range c.replays {
		p.delivered(m.Seq, frame)
	}
}

// had lists the sessions that are up to date and have had seq already.
func (c *roomChat) had(seq int64) (had []*room.Session) {
	for s, has := range c.ahead {
		if seq <= has {
			had = append(had, s)
		}
		if seq >= has {
			drop(&c.ahead, s)
		}
	}
	return had
}

// broadcast sends an event that has no seq; those who are catching up get it
// when they have.
func (c *roomChat) broadcast(t protocol.Type, data protocol.Payload) {
	c.room.Broadcast(protocol.ChannelChat, room.EncodeIn(c.room, t, data))
}
