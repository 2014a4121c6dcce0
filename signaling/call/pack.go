package call

// Pair is what a peer's node knows of its negotiations with another.
type Pair struct {
	PeerID  string   `json:"peer_id"` // the other's
	Offered [2]int64 `json:"offered"` // epoch of one's own latest offer and the other's
	Spoken  [2]int64 `json:"spoken"`  // epoch of one's own latest offer or answer and the other's
}

// Brought is what a session brought along from the node that it was on: the frames
// that were parked for it there, up to one. That node has none of these to send
// after it.
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

// PeerID is that of a session, "" if it is unknown.
func (c *Call) PeerID(s SessionID) string {
	if p := c.sessions[s]; p != nil {
		return p.peerID
	}
	return ""
}

// Parked lists what waits for a session, in order.
func (c *Call) Parked(s SessionID) (frames []FrameID) {
	if p := c.sessions[s]; p != nil {
		for _, f := range p.parked.frames {
			frames = append(frames, f.id)
		}
	}
	return frames
}
