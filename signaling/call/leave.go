package call

import "parley/protocol"

func (c *Call) leave(e Leave) {
	if p := c.sessions[e.Session]; p != nil && p.state != absent {
		c.drop(p, protocol.LeaveLeft)
		c.absent = append(c.absent, p)
	}
}

func (c *Call) disconnect(e Disconnect) {
	p := c.sessions[e.Session]
	if p == nil {
		return
	}
	delete(c.sessions, e.Session)
	c.absent = without(c.absent, p)
	c.drop(p, e.Reason)
}

// drop ends p's part in the call. The other peers are told if p was one.
func (c *Call) drop(p *participant, reason protocol.LeaveReason) {
	wasPeer := p.isPeer()
	c.becomeAbsent(p)
	if wasPeer || !c.local(p) {
		c.departed(p, reason)
	}
	if wasPeer {
		c.settle(p)
		c.tellLeft(p, reason)
	}
}

// tellLeft tells the peers that remain that p, a peer until now, is gone.
func (c *Call) tellLeft(p *participant, reason protocol.LeaveReason) {
	if len(c.peers) == 0 {
		return
	}
	to := c.othersThan(p, make([]SessionID, 0, len(c.peers)))
	if len(to) > 0 {
		c.do(&SendUserLeft{To: to, UserLeft: protocol.UserLeft{UserID: p.user.ID, PeerID: p.peerID, Reason: reason}})
	}
}
