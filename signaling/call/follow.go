package call

import (
	"slices"

	"parley/protocol"
)

// Follow brings the call to a newer roster. Its actions are those of the events
// that made it so, as far as they can be told from it: who is gone leaves first,
// then who is new joins, in their order. What Step says of actions holds.
func (c *Call) Follow(r Roster) []Action {
	c.begin()
	c.follow(r)
	return c.actions
}

func (c *Call) follow(r Roster) {
	for _, p := range slices.Collect(c.all()) {
		c.followLeave(p, &r)
	}
	var back, moved []*participant
	for i := range r.Members {
		if p := c.member(r.Members[i].PeerID); p != nil {
			returns, elsewhere := c.followState(p, &r.Members[i])
			if returns {
				back = append(back, p)
			}
			if elsewhere {
				moved = append(moved, p)
			}
		} else {
			c.followConnect(&r.Members[i])
		}
	}
	c.followJoins(&r)
	c.arrange(&r)
	for _, p := range moved {
		if c.local(p) && p.isPeer() && p.home.brought == nil {
			c.do(c.joinedAnswer(p)) // it has joined as who it was
		}
	}
	ended := c.wasActive && !r.WasActive
	c.wasActive = r.WasActive
	c.show(ended)
	for _, p := range back {
		c.handOver(p)
	}
	for _, p := range moved {
		c.passOn(p)
	}
}

// followLeave ends p's part if the roster says so.
func (c *Call) followLeave(p *participant, r *Roster) {
	m := r.Find(p.peerID)
	wasPeer := p.isPeer()
	if m != nil && (m.IsPeer() || !wasPeer && m.State != absent) {
		return
	}
	why, told := r.Departed(p.peerID)
	c.becomeAbsent(p)
	if m == nil {
		delete(c.sessions, p.session)
		c.absent = without(c.absent, p)
	} else if !told {
		why = protocol.LeaveLeft
	}
	if wasPeer {
		c.settle(p)
		c.tellLeft(p, why)
	}
	switch {
	case m != nil || !c.local(p) || r.has(p.session):
	case why == protocol.LeaveReplaced:
		c.do(&Replace{Session: p.session})
	default:
		c.do(&Evict{Session: p.session})
	}
}

// followState takes over where p is, and whether its socket is lost. It reports
// whether p is back from that, or on another node, and whether it is another session.
func (c *Call) followState(p *participant, m *Member) (back, moved bool) {
	boot := c.away(p)
	if moved = p.session != m.Session || p.home.boot != m.Boot || p.home.adoptions != m.Adoptions; moved {
		if boot == "" {
			c.brings(p, m.Brought)
		}
		c.rehome(p, m.Session, m.home())
	}
	back = p.state == protocol.ParticipantSuspended && m.State == protocol.ParticipantActive
	if p.isPeer() {
		p.joined = m.Joined
		c.followSuspension(p, m)
	}
	return back || boot != c.away(p), moved
}

func (c *Call) followSuspension(p *participant, m *Member) {
	switch {
	case m.State != protocol.ParticipantSuspended:
		c.becomeResumed(p)
	case m.Deadline != nil:
		c.becomeSuspended(p, m.Deadline.Time)
	}
}

func (c *Call) followConnect(m *Member) {
	p := &participant{session: m.Session, user: m.User, peerID: m.PeerID, home: m.home()}
	c.sessions[p.session] = p
	if m.State == absent {
		c.absent = append(c.absent, p)
	} else {
		c.becomeConnecting(p)
	}
}

// followJoins makes peers of those that have joined. One that is new here and was
// taken on from another node asks by itself what it is to be told.
func (c *Call) followJoins(r *Roster) {
	var joins []*Member
	for i := range r.Members {
		if m := &r.Members[i]; m.IsPeer() && !c.sessions[m.Session].isPeer() {
			joins = append(joins, m)
		}
	}
	slices.SortFunc(joins, func(a, b *Member) int { return int(int64(a.Joined - b.Joined)) })
	for _, m := range joins {
		p := c.sessions[m.Session]
		c.becomeActive(p, m.Joined)
		c.followSuspension(p, m)
		if c.local(p) && m.Adoptions == 0 {
			c.do(c.joinedAnswer(p))
		}
		c.tellJoined(p)
	}
}

// arrange has everything in the roster's order.
func (c *Call) arrange(r *Roster) {
	c.id, c.joins, c.gone, c.merged = r.ID, r.Joins, slices.Clone(r.Gone), slices.Clone(r.Merged)
	c.seats, c.absent = nil, nil
	for i := range r.Members {
		p := c.sessions[r.Members[i].Session]
		if p.state == absent {
			c.absent = append(c.absent, p)
			continue
		}
		if s := c.seatOf(p.user.ID); p.isPeer() {
			s.peer = p
		} else {
			s.waiting = append(s.waiting, p)
		}
	}
	slices.SortFunc(c.peers, func(a, b *participant) int { return int(int64(a.joined - b.joined)) })
}

func (m *Member) home() *home {
	return &home{conn: m.Conn, boot: m.Boot, adoptions: m.Adoptions, brought: m.Brought, claimed: m.Claimed}
}

// member finds who has a peer id, connected to whichever node, or nil.
func (c *Call) member(peerID string) *participant {
	for p := range c.all() {
		if p.peerID == peerID {
			return p
		}
	}
	return nil
}
