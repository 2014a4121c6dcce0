package call

import "parley/protocol"

func (c *Call) connect(e Connect) {
	if _, known := c.sessions[e.Session]; known {
		return
	}
	if p := c.formerly(e.Formerly, e.User.ID); p != nil {
		c.adopt(p, e.Session, &home{conn: e.Conn, brought: e.Brought})
		c.goOn(p)
		return
	}
	p := &participant{session: e.Session, user: e.User, peerID: e.PeerID}
	if c.cfg.Boot != "" {
		p.home = &home{conn: e.Conn, boot: c.cfg.Boot}
	}
	c.sessions[e.Session] = p
	c.becomeConnecting(p)
}

func (c *Call) join(e Join) {
	p := c.sessions[e.Session]
	switch {
	case p == nil:
		c.reject(e.Session, protocol.CodeNotInCall, "this socket is no longer part of the call")
		return
	case p.isPeer():
		c.do(c.joinedAnswer(p))
		return
	}
	if lost := c.formerly(e.Formerly, p.user.ID); lost != nil && lost.isPeer() {
		c.succeed(p, lost, e.At)
		return
	}
	old := c.seatOf(p.user.ID).peer
	if old == nil && c.full() {
		c.reject(e.Session, protocol.CodeRoomFull, "the call is full (%d peers)", c.cfg.MaxPeers)
		return
	}
	if old != nil {
		c.replace(old)
	}
	if p.state == absent {
		p.becomeNew(e.NextPeerID)
	}
	c.joins = max(c.joins+1, e.At)
	c.becomeActive(p, c.joins)
	c.do(c.joinedAnswer(p))
	c.tellJoined(p)
}

// succeed has p join as the peer that it was before its session was lost.
func (c *Call) succeed(p, lost *participant, at uint64) {
	c.becomeAbsent(p)
	delete(c.sessions, p.session)
	c.absent = without(c.absent, p)
	c.adopt(lost, p.session, &home{conn: p.home.conn, claimed: at})
	c.do(c.joinedAnswer(lost))
	c.goOn(lost)
}

// full reports whether one more peer would be too many.
func (c *Call) full() bool { return c.cfg.MaxPeers > 0 && len(c.peers) >= c.cfg.MaxPeers }

// replace drops a user's peer in favour of a newer one. Its socket is about to
// be closed, and whatever still comes from it is no longer the call's matter.
func (c *Call) replace(old *participant) {
	c.becomeAbsent(old)
	delete(c.sessions, old.session)
	c.settle(old)
	c.departed(old, protocol.LeaveReplaced)
	c.tellLeft(old, protocol.LeaveReplaced)
	if c.local(old) {
		c.do(&Replace{Session: old.session})
	}
}

func (c *Call) joinedAnswer(p *participant) *SendJoined {
	peers := make([]protocol.CallPeer, 0, len(c.peers)-1)
	for _, q := range c.peers {
		if q == p {
			continue
		}
		peers = append(peers, protocol.CallPeer{
			UserID:   q.user.ID,
			Username: q.user.Username,
			PeerID:   q.peerID,
			State:    q.state,
			Deadline: q.deadline,
			Polite:   p.politeTo(q),
		})
	}
	return &SendJoined{To: p.session, PeerID: p.peerID, Peers: peers}
}

// tellJoined tells the others of p, who make the offer. If p has just joined after
// all of them they are the impolite side; of one that another node let in while
// this one could not hear of it, some may be the polite side.
func (c *Call) tellJoined(p *participant) {
	if len(c.peers) == 1 {
		return
	}
	others := c.othersThan(p, make([]SessionID, 0, len(c.peers)-1))
	earlier := 0
	for earlier < len(others) && !c.sessions[others[earlier]].politeTo(p) {
		earlier++
	}
	c.tellOf(p, others[:earlier], false)
	c.tellOf(p, others[earlier:], true)
}

func (c *Call) tellOf(p *participant, to []SessionID, polite bool) {
	if len(to) > 0 {
		c.do(&SendUserJoined{To: to, UserJoined: protocol.UserJoined{User: p.user, PeerID: p.peerID, Polite: polite}})
	}
}
