package signaling

import (
	"context"
	"slices"
	"time"

	"parley/ledger"
	"parley/protocol"
	"parley/room"
	"parley/signaling/call"
)

const (
	// sweepEvery is how often the rosters here are compared with the ledger's: the
	// longest time for which news that was lost is missed.
	sweepEvery = 5 * time.Second
	// sweepBatch is how many are asked for at once.
	sweepBatch = 500
	// grace is for a suspended peer's own node to end it; another does later.
	grace = 10 * time.Second
)

// Start begins to sweep. A service of a node that is alone does not.
func (s *Service) Start() {
	if !s.shared() {
		return
	}
	s.asking.Go(func() {
		tick := time.NewTicker(sweepEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				s.Sweep(s.ctx)
			case <-s.ctx.Done():
				return
			}
		}
	})
}

// Flush waits until all that has happened in calls here is agreed on, or no longer
// than ctx: before a node that is told to stop no longer runs its rooms.
func (s *Service) Flush(ctx context.Context) error {
	for {
		busy := false
		for _, id := range s.open() {
			is, err := room.Ask(ctx, s.hub, id, func(*room.Room) bool {
				c := s.callOf(id)
				return c != nil && !c.accord.apart && (c.accord.busy || len(c.accord.waiting) > 0)
			})
			if err != nil {
				return err
			}
			busy = busy || is
		}
		if !busy {
			return nil
		}
		select {
		case <-time.After(10 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Stop ends what is under way. What is posted to rooms later does nothing.
func (s *Service) Stop() {
	s.renewals.stop()
	s.mu.Lock()
	s.cancel()
	s.mu.Unlock()
	s.asking.Wait()
}

// Gone tells that nodes, by boot, have died: their peers have left every call, but
// for those that were away and may come back elsewhere. It does not wait.
func (s *Service) Gone([]string) {
	if s.shared() {
		s.each(func(c *roomCall) { c.bury(time.Now()) })
	}
}

// Dead implements call.Nodes.
func (s *Service) Dead(boot string) bool { return s.cfg.Nodes != nil && s.cfg.Nodes.Dead(boot) }

// Sweep compares the calls here with the ledger, so that no lost news stays unknown,
// and ends what nobody else does. It waits for the ledger, not for the rooms.
func (s *Service) Sweep(ctx context.Context) {
	if !s.shared() {
		return
	}
	for ids := range slices.Chunk(s.open(), sweepBatch) {
		keys := make([]string, len(ids))
		for i, id := range ids {
			keys[i] = rosterKey(id)
		}
		docs, err := s.loadAll(ctx, keys)
		for i, id := range ids {
			s.hub.In(id, func(r *room.Room) {
				if c := s.callOf(id); c != nil {
					if err == nil {
						c.found(docs[i], 0)
					}
					c.keep(r, time.Now())
				}
			})
		}
	}
}

func (s *Service) loadAll(ctx context.Context, keys []string) ([]ledger.Document, error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	return s.cfg.Ledger.LoadAll(ctx, keys)
}

// keep does what is to be done now and then. r is nil if the room has no sessions
// here any more.
func (c *roomCall) keep(r *room.Room, now time.Time) {
	a := c.accord
	idle := !a.busy && !a.apart && len(a.waiting) == 0
	if idle && (r == nil || r.Behavior(channel) != room.Behavior(c)) {
		c.svc.close(c)
		return
	}
	if !idle {
		return
	}
	c.bury(now)
	c.gather(now)
	if len(a.agreed.Members) > 0 && now.Sub(a.learned) > rosterTTL/4 {
		a.refresh = true
		c.decide()
	}
}

// gather ends members that are not where the roster has them, and have not come to
// another node either.
func (c *roomCall) gather(now time.Time) {
	a := c.accord
	members := slices.Clone(a.agreed.Members)
	for s, since := range a.strays {
		if now.Sub(since) > grace && !slices.ContainsFunc(members, func(m call.Member) bool { return m.Session == s }) {
			delete(a.strays, s)
		}
	}
	for i := range members {
		c.end(&members[i], c.lost, now)
	}
}

// lost reports whether a member is nowhere, as far as this node can tell.
func (c *roomCall) lost(m *call.Member, now time.Time) bool {
	own := m.Boot == c.cfg.Boot
	since, stray := c.accord.strays[m.Session]
	switch {
	case own && c.byID[m.Session] != nil:
		return false
	case m.Deadline != nil: // it may be on its way until then
		return own && now.After(m.Deadline.Time)
	case stray:
		return now.Sub(since) > grace
	default:
		return own
	}
}

// dead reports whether a member's node is dead, or does not end it.
func (c *roomCall) dead(m *call.Member, now time.Time) bool {
	return m.Boot != c.cfg.Boot && c.svc.over(m, now)
}

// bury ends members whose nodes are dead, and those that were away for too long.
func (c *roomCall) bury(now time.Time) {
	for _, m := range slices.Clone(c.accord.agreed.Members) {
		c.end(&m, c.dead, now)
	}
}

// over reports whether a member of another node is no more, whoever says so.
func (s *Service) over(m *call.Member, now time.Time) bool {
	dead := s.Dead(m.Boot)
	if m.Deadline == nil {
		return dead
	}
	return now.After(m.Deadline.Time) && (dead || now.After(m.Deadline.Add(grace)))
}

// end ends a member that its own node does not, if so it is: in the newest roster, too.
func (c *roomCall) end(m *call.Member, so func(*call.Member, time.Time) bool, now time.Time) {
	ev := call.Disconnect{Session: m.Session, Reason: protocol.LeaveTimeout}
	if !so(m, now) || slices.ContainsFunc(c.accord.waiting, func(p *proposal) bool { return p.event == call.Event(ev) }) {
		return
	}
	peer := m.PeerID
	c.put(&proposal{event: ev, done: func(error) {}, holds: func(newest call.Roster) bool {
		m := newest.Find(peer)
		return m != nil && so(m, now)
	}})
}

// open lists the rooms of which this node has a call.
func (s *Service) open() []int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := make([]int64, 0, len(s.rooms))
	for id := range s.rooms {
		ids = append(ids, id)
	}
	return ids
}

// callOf is the call of a room, or nil; it is used on the room's shard.
func (s *Service) callOf(roomID int64) *roomCall {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rooms[roomID]
}

// each runs fn on the shards of all calls here. It does not wait.
func (s *Service) each(fn func(c *roomCall)) {
	for _, id := range s.open() {
		s.hub.In(id, func(*room.Room) {
			if c := s.callOf(id); c != nil {
				fn(c)
			}
		})
	}
}

func (s *Service) keep(c *roomCall) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rooms[c.room.ID()] = c
}

// close forgets a call that nobody here has to do with any more.
func (s *Service) close(c *roomCall) {
	s.mu.Lock()
	delete(s.rooms, c.room.ID())
	s.mu.Unlock()
	c.observe(protocol.CallState{RoomState: protocol.CallIdle})
}
