package call

import "parley/protocol"

// relay chooses who gets a frame. It is the hot path of a call: it allocates
// only to reject, to park, and for two peers' first words.
func (c *Call) relay(e Relay) {
	from := c.sessions[e.Session]
	if from == nil || !from.isPeer() {
		c.reject(e.Session, protocol.CodeNotInCall, "join the call first")
		return
	}
	c.forward = Forward{To: c.forward.To[:0], From: Sender{
		UserID:   from.user.ID,
		Username: from.user.Username,
		PeerID:   from.peerID,
	}}
	var refused []*participant
	if e.Target.everyone() {
		for _, p := range c.peers {
			if p != from && !c.pass(from, p, e) {
				refused = append(refused, p)
			}
		}
	} else {
		target := c.peer(e.Target)
		if target == nil || target == from {
			c.reject(e.Session, protocol.CodePeerNotFound, "the target is no other peer of this call")
			return
		}
		if !c.pass(from, target, e) {
			refused = append(refused, target)
		}
	}
	if len(refused) > 0 && len(c.forward.To) == 0 {
		c.reject(e.Session, protocol.CodeUnavailable, "the target is away and too much waits for it")
		return
	}
	c.do(&c.forward)
	for _, p := range refused {
		c.do(c.expired(parked{id: e.Frame, from: from, typ: e.Type}, p))
	}
}

// pass has a peer get a frame, now or when it is back. It reports false, and
// changes nothing, if there is no room to park it, or the peer's node is dead and
// the peer is not known to have lost its socket.
func (c *Call) pass(from, to *participant, e Relay) bool {
	r := c.recipient(to)
	if r.Boot != "" && !c.reaches(to) {
		if to.state != protocol.ParticipantSuspended {
			return false
		}
		r = Recipient{Session: to.session, Parked: true}
	}
	if r.Boot != "" && len(to.parked.frames) > 0 {
		c.handOver(to) // what came back from there goes before
	}
	var l link
	if negotiates(e.Type) {
		l = from.linkTo(to)
		r.Epoch = l.epoch(e.Type, from)
	}
	if r.Parked {
		if !c.park(to, parked{id: e.Frame, from: from, typ: e.Type, epoch: r.Epoch, bytes: e.Bytes}) {
			return false
		}
		r.Session = to.parked.as
	}
	if l.pair != nil {
		l.speak(e.Type, r.Epoch)
	}
	c.forward.To = append(c.forward.To, r)
	return true
}

// recipient is a peer as it stands: one of another node is there, or that node
// parks the frame.
func (c *Call) recipient(to *participant) Recipient {
	if boot := c.away(to); boot != "" {
		return Recipient{Session: to.session, Boot: boot}
	}
	return Recipient{Session: to.session, Parked: to.state == protocol.ParticipantSuspended}
}

// reaches reports whether a peer could have a frame now, as far as this node knows.
func (c *Call) reaches(p *participant) bool {
	if boot := c.away(p); boot != "" {
		return !c.dead(boot)
	}
	return p.state != protocol.ParticipantSuspended
}

// peer finds the joined peer that a target names, or nil.
func (c *Call) peer(t Target) *participant {
	for _, p := range c.peers {
		if t.names(p) {
			return p
		}
	}
	return nil
}

func (t Target) names(p *participant) bool {
	if len(t.PeerID) > 0 {
		return string(t.PeerID) == p.peerID
	}
	return t.UserID == p.user.ID
}
