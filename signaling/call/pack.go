package call

import "parley/protocol"

// Pair is what a peer's node knows of its negotiations with another.
type Pair struct {
	PeerID  string   `json:"peer_id"` // the other's
	Offered [2]int64 `json:"offered"` // epoch of one's own latest offer and the other's
	Spoken  [2]int64 `json:"spoken"`  // epoch of one's own latest offer or answer and the other's
}

// Outgoing is a frame that waits on its sender's node for a peer of another, and goes
// with its sender when that is packed.
type Outgoing struct {
	To    Companion
	For   SessionID // as which it is parked
	Frame FrameID
	Type  protocol.Type
	Epoch int64
}

// Brought is what a session brought along from the node that it was on: the frames
// that were parked there for it, and those that it had sent, up to one. That node has
// none of these to send after it.
type Brought struct {
	Boot  string  `json:"boot"`
	Frame FrameID `json:"frame"`
}

// of reports whether a frame that was parked on the node of that boot is with it.
func (b *Brought) of(boot string) func(parked) bool {
	if b == nil || b.Boot != boot {
		return noFrame
	}
	return func(f parked) bool { return f.id <= b.Frame }
}

// Pairs are those of a session: with Restore they go on, on another node.
func (c *Call) Pairs(s SessionID) []Pair {
	p := c.sessions[s]
	if p == nil {
		return nil
	}
	pairs := make([]Pair, 0, len(p.links))
	for _, l := range p.links {
		own, other := l.side, 1-l.side
		pairs = append(pairs, Pair{
			PeerID:  l.peer.peerID,
			Offered: [2]int64{l.pair.offered[own], l.pair.offered[other]},
			Spoken:  [2]int64{l.pair.spoken[own], l.pair.spoken[other]},
		})
	}
	return pairs
}

// Restore has a session know what its former node knew. Pairs with peers that have
// left are dropped.
func (c *Call) Restore(s SessionID, pairs []Pair) {
	p := c.sessions[s]
	if p == nil || !p.isPeer() {
		return
	}
	for _, known := range pairs {
		q := c.member(known.PeerID)
		if q == nil || q == p || !q.isPeer() {
			continue
		}
		l := p.linkTo(q)
		own, other := l.side, 1-l.side
		l.pair.offered[own] = max(l.pair.offered[own], known.Offered[0])
		l.pair.offered[other] = max(l.pair.offered[other], known.Offered[1])
		l.pair.spoken[own] = max(l.pair.spoken[own], known.Spoken[0])
		l.pair.spoken[other] = max(l.pair.spoken[other], known.Spoken[1])
	}
}

// Parked lists what waits for a session, in order, and under which session.
func (c *Call) Parked(s SessionID) (as SessionID, frames []FrameID) {
	p := c.sessions[s]
	if p == nil {
		return s, nil
	}
	stays := p.parked.stays()
	for _, f := range p.parked.frames {
		if stays(f) {
			frames = append(frames, f.id)
		}
	}
	return p.parked.as, frames
}

// Outgoing packs what a session has sent to peers of other nodes and what waits for
// these here, in order for each. From now on only the session's next node, or Stay,
// may let them have it.
func (c *Call) Outgoing(s SessionID) (all []Outgoing) {
	from := c.sessions[s]
	for _, to := range c.peers {
		for i := range to.parked.frames {
			f := &to.parked.frames[i]
			if f.from != from || c.local(to) && !f.packed {
				continue
			}
			f.packed = true
			all = append(all, Outgoing{
				To: Companion{to.peerID, to.user.ID}, For: to.parked.as, Frame: f.id, Type: f.typ, Epoch: f.epoch,
			})
		}
	}
	return all
}

// Stay has a session that was packed go on here: what it has sent is passed on. What
// Step says of actions holds.
func (c *Call) Stay(s SessionID) []Action {
	c.begin()
	if p := c.sessions[s]; p != nil {
		c.passOn(p)
	}
	return c.actions
}

// Retry passes on what has come back and waits here for peers that are there. What Step
// says of actions holds.
func (c *Call) Retry(s SessionID) []Action {
	c.begin()
	from := c.sessions[s]
	for _, to := range c.peers {
		if to.state == protocol.ParticipantActive && c.reaches(to) && to.parked.has(from) {
			c.handOver(to)
		}
	}
	return c.actions
}

// passOn lets others have what p has sent and was packed, as soon as they can.
func (c *Call) passOn(p *participant) {
	for _, to := range c.peers {
		if to.parked.free(p) && c.reaches(to) {
			c.handOver(to)
		}
	}
}

// brings has frames go that are parked here for p, or that it has sent: it brings
// them along elsewhere.
func (c *Call) brings(p *participant, b *Brought) {
	with, stays := b.of(c.cfg.Boot), p.parked.stays()
	c.drain(p, func(f parked) bool { return with(f) && stays(f) })
	for _, to := range c.peers {
		c.drain(to, func(f parked) bool { return with(f) && f.packed && f.from == p })
	}
}
