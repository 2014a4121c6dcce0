package chat

import (
	"context"
	"time"

	"parley/protocol"
	"parley/room"
	"parley/store"
)

// sweepRooms is how many rooms one question to the store is about.
const sweepRooms = 2000

// standing is how far a room's deliveries have come.
type standing struct {
	seq     int64
	checked time.Time
	due     bool
}

// behind reports whether the store has more than was delivered.
func (s standing) behind(head store.RoomHead) bool {
	return s.due || head.LastSeq > s.seq || head.ChangedAt.After(s.checked)
}

// verify has the room compared with the store, soon and together with others.
func (c *roomChat) verify() {
	if t := c.told; t != nil {
		c.svc.sweep.put(c.room.ID(), standing{seq: c.lastSeq, checked: t.checked, due: t.open(c.svc.cfg.Clock())})
	}
}

// sweeps is the goroutine that compares the rooms which are open here with the
// store, now and then and whenever one of them may have missed news.
func (s *Service) sweeps() {
	heads, looks := time.NewTicker(s.cfg.Sweep), time.NewTicker(s.cfg.PresenceSweep)
	defer heads.Stop()
	defer looks.Stop()
	for {
		select {
		case <-heads.C:
			s.verifyAll()
		case <-looks.C:
			s.lookAll()
		case <-s.sweep.bell:
			s.compareAll(s.sweep.take())
		case <-s.ctx.Done():
			return
		}
	}
}

// verifyAll is one tick of the sweep.
func (s *Service) verifyAll() {
	now := s.cfg.Clock()
	s.eachChat(func(c *roomChat) {
		c.verify()
		c.online.expire(now)
		if c.online.others.failed {
			c.online.look()
		}
	})
}

// lookAll is one tick of the slower one, which is of presence.
func (s *Service) lookAll() { s.eachChat(func(c *roomChat) { c.online.look() }) }

// eachChat calls fn on their shards for all rooms that are loaded. It does not wait.
func (s *Service) eachChat(fn func(c *roomChat)) {
	s.hub.EachRoom(func(r *room.Room) {
		if c, is := r.Behavior(protocol.ChannelChat).(*roomChat); is && c.loaded {
			fn(c)
		}
	})
}

// compareAll asks the store for the heads of rooms, and tells those that are behind.
// Where it fails the next tick asks again.
func (s *Service) compareAll(rooms map[int64]standing) {
	ids := make([]int64, 0, min(len(rooms), sweepRooms))
	for id := range rooms {
		if ids = append(ids, id); len(ids) == sweepRooms {
			s.compareSome(ids, rooms)
			ids = ids[:0]
		}
	}
	if len(ids) > 0 {
		s.compareSome(ids, rooms)
	}
}

func (s *Service) compareSome(ids []int64, rooms map[int64]standing) {
	ctx, cancel := context.WithTimeout(s.ctx, askTimeout)
	defer cancel()
	heads, err := s.store.RoomHeads(ctx, ids)
	if err != nil {
		if s.ctx.Err() == nil {
			s.cfg.Logger.Warn("chat: rooms not compared with the store", "rooms", len(ids), "err", err)
		}
		return
	}
	gone := make(map[int64]struct{}, len(ids))
	for _, id := range ids {
		gone[id] = struct{}{}
	}
	for _, head := range heads {
		delete(gone, head.RoomID)
		if rooms[head.RoomID].behind(head) {
			s.inRoom(head.RoomID, func(c *roomChat) { c.compare(head) })
		}
	}
	for id := range gone {
		s.inRoom(id, (*roomChat).deleted)
	}
}

// deleted ends a room that is not in the store any more.
func (c *roomChat) deleted() {
	for s := range c.room.Sessions("") {
		s.Close(protocol.CloseRoomDeleted, "room deleted", protocol.LeaveRoomDeleted)
	}
}
