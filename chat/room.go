package chat

import (
	"context"
	"errors"
	"hash/maphash"
	"time"

	"parley/presence"
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
	loading  bool
	loaded   bool
	missed   bool  // the room began to hear of other nodes before it was loaded
	lastSeq  int64 // of the newest message that was delivered, or stood when the room was loaded
	replayed int64 // the newest that a replay sent, perhaps past lastSeq
	gap      *gap  // nil: nothing is missing up to the newest message that is known of
	told     *told // nil: there are no other nodes
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
	if !s.hub.Alone() {
		c.online.others = &others{}
	}
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
	c.enter(s, &replay{chat: c, session: s, cursor: s.Since()})
}

func (c *roomChat) enter(s *room.Session, p *replay) {
	c.online.enter(s.User())
	put(&c.replays, s, p)
	switch {
	case c.loaded:
		c.welcome(s)
	case !c.loading:
		c.loading = true
		if c.online.others != nil {
			c.online.beginLook()
		}
		c.svc.background(c.load)
	}
}

// load runs off the shard. Who is there by way of other nodes is worth knowing, but
// not worth refusing those who are here.
func (c *roomChat) load(ctx context.Context) {
	head, err := c.svc.head(ctx, c.room.ID())
	var entries []presence.Entry
	var unseen error
	if err == nil && !c.room.Alone() {
		entries, unseen = c.svc.onlineSoon(ctx, c.room.ID())
	}
	c.room.Post(func() {
		c.loading = false
		if err != nil {
			c.refuse(err)
			return
		}
		c.lastSeq = max(c.lastSeq, head.LastSeq)
		if !c.room.Alone() {
			c.told = &told{seed: maphash.MakeSeed(), checked: head.ChangedAt}
			c.online.looked(entries, unseen)
		}
		c.loaded = true
		for s := range c.room.Sessions(protocol.ChannelChat) {
			if c.replays[s] != nil {
				c.welcome(s)
			}
		}
		if c.missed {
			c.Synchronize()
		}
	})
}

// head asks the store how far a room has come.
func (s *Service) head(ctx context.Context, roomID int64) (store.RoomHead, error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	heads, err := s.store.RoomHeads(ctx, []int64{roomID})
	if err == nil && len(heads) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return store.RoomHead{}, err
	}
	return heads[0], nil
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
func (c *roomChat) Leave(s *room.Session, why protocol.LeaveReason) {
	drop(&c.replays, s)
	drop(&c.ahead, s)
	drop(&c.busy, s)
	if why == protocol.LeaveMoved {
		c.moved(s.User())
		return
	}
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

// LastSeq implements room.Behavior. It is not less than what a client here has.
func (c *roomChat) LastSeq() *int64 {
	last := max(c.lastSeq, c.replayed)
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
