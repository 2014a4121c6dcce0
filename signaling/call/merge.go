package call

import (
	"slices"

	"parley/protocol"
)

// Split is what has come of a call in a time in which this node did not reach the
// others' roster, or that was lost.
type Split struct {
	Found Roster // what is everybody's now; without an ID there is none
	Mine  Roster // this node's own view, with the ID of the last that was everybody's
	ID    string // for a roster that has none
}

// Merge makes one roster of two. Of its own sessions this node is right, but for
// those that the others ended, and as Found tells it. Where Found does not go on
// from Mine, members of other living nodes are kept too: these may not have
// noticed yet. Of two peers of a user the one whose client said so later stays. There may
// be more than MaxPeers.
func Merge(cfg Config, s Split) Roster {
	cfg.MaxPeers = 0
	m := merge{call: From(cfg, s.Found), s: &s, lost: s.Found.ID == "" || s.Found.ID != s.Mine.ID}
	if s.Found.ID == "" {
		m.call.id = s.ID
	}
	m.call.joins = max(s.Found.Joins, s.Mine.Joins)
	m.ended()
	members := slices.Clone(s.Mine.Members)
	slices.SortStableFunc(members, func(a, b Member) int { return int(int64(a.Joined - b.Joined)) })
	for i := range members {
		m.member(&members[i])
	}
	m.call.wasActive = s.Found.WasActive || s.Mine.WasActive
	m.call.publish()
	m.call.wasActive = m.call.wasActive && m.call.shown.RoomState != protocol.CallIdle
	r := m.call.Roster()
	if m.lost && !slices.Contains(r.Merged, cfg.Boot) {
		r.Merged = append(r.Merged, cfg.Boot)
	}
	return r
}

type merge struct {
	call *Call // as found, and what was merged into it
	s    *Split
	lost bool // Found does not go on from Mine
}

// ended takes out what this node had and has no more.
func (m *merge) ended() {
	for i := range m.s.Found.Members {
		f := &m.s.Found.Members[i]
		if f.Boot == m.call.cfg.Boot && m.s.Mine.Find(f.PeerID) == nil {
			why, _ := m.s.Mine.Departed(f.PeerID)
			m.call.Step(Disconnect{Session: f.Session, Reason: why})
		}
	}
}

// member merges one of Mine.
func (m *merge) member(e *Member) {
	own := e.Boot == m.call.cfg.Boot
	if p := m.call.member(e.PeerID); p != nil {
		if own && (p.home.boot == e.Boot || p.home.adoptions < e.Adoptions) {
			m.call.rehome(p, e.Session, e.home())
			m.become(p, e)
		}
		return
	}
	if _, told := m.s.Found.Departed(e.PeerID); told {
		return
	}
	if _, known := m.call.sessions[e.Session]; !known && (own || m.mayNotKnow(e.Boot)) {
		p := &participant{session: e.Session, user: e.User, peerID: e.PeerID, home: e.home()}
		m.call.sessions[p.session] = p
		m.call.becomeConnecting(p)
		m.become(p, e)
	}
}

// mayNotKnow reports whether a node may have members that the roster was lost with,
// and is still to merge them.
func (m *merge) mayNotKnow(boot string) bool {
	return m.lost && !m.call.dead(boot) && !slices.Contains(m.s.Found.Merged, boot)
}

// become has p, as found or new, stand as e does.
func (m *merge) become(p *participant, e *Member) {
	c := m.call
	switch {
	case e.State == absent && p.state != absent:
		c.leave(Leave{Session: p.session})
	case e.IsPeer() && !p.isPeer():
		m.join(p, e)
	}
	if p.isPeer() {
		c.followSuspension(p, e)
	}
}

// join makes p a peer, unless another of its user joined later.
func (m *merge) join(p *participant, e *Member) {
	c := m.call
	number := e.Joined
	for slices.ContainsFunc(c.peers, func(q *participant) bool { return q.joined == number }) {
		number++
	}
	if old := c.seatOf(p.user.ID).peer; old != nil {
		if max(old.joined, old.home.claimed) > max(number, p.home.claimed) {
			c.becomeAbsent(p)
			delete(c.sessions, p.session)
			c.departed(p, protocol.LeaveReplaced)
			return
		}
		c.replace(old)
	}
	c.becomeActive(p, number)
}
