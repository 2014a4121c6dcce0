package call

import "parley/protocol"

func (c *Call) suspend(e Suspend) {
	if p := c.sessions[e.Session]; p != nil && p.isPeer() {
		c.becomeSuspended(p, e.Until)
	}
}

// resume lets a peer have what is parked for it, once the room is told that it
// is back.
func (c *Call) resume(e Resume) {
	p := c.sessions[e.Session]
	if p == nil || p.state != protocol.ParticipantSuspended {
		return
	}
	c.becomeResumed(p)
	c.publish()
	c.handOver(p)
}

// handOver lets p have, wherever it is, what is parked for it.
func (c *Call) handOver(p *participant) {
	if frames := c.unpark(p, p.parked.stays()); len(frames) > 0 {
		c.do(&Deliver{To: p.session, Boot: c.away(p), For: p.parked.as, Frames: frames})
	}
}

// settle ends what p, a peer until now, has with the others: what is parked for
// it expires, what it has parked is dropped, and its negotiations are over.
func (c *Call) settle(p *participant) {
	for _, f := range p.parked.frames {
		x := c.expired(f, p)
		x.For = p.parked.as
		c.do(x)
	}
	c.unpark(p, anyFrame)
	for _, q := range c.peers {
		c.drain(q, func(f parked) bool { return f.from == p })
		q.unlink(p)
	}
	p.links = nil
}

// drain drops those frames that are parked for p and match.
func (c *Call) drain(p *participant, match func(parked) bool) {
	if frames := c.unpark(p, match); len(frames) > 0 {
		c.do(&Drop{For: p.parked.as, Frames: frames})
	}
}

// expired tells the sender of a frame that it will not reach p.
func (c *Call) expired(f parked, p *participant) *SendExpired {
	return &SendExpired{
		To: f.from.session, Boot: c.away(f.from), Frame: f.id, For: p.session,
		SignalExpired: protocol.SignalExpired{UserID: p.user.ID, PeerID: p.peerID, Type: f.typ},
	}
}
