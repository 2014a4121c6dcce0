package call

import (
	"slices"

	"parley/protocol"
)

// parking is what waits for a peer that is suspended, or on its way between nodes, in
// the order in which it came.
type parking struct {
	frames []parked
	bytes  int
	as     SessionID // the peer was when the first came: the frames' place
}

// parked is a frame that waits; the caller has it.
type parked struct {
	id    FrameID
	from  *participant // a peer: what one parks is dropped when it is gone
	typ   protocol.Type
	epoch int64 // 0 of a signal
	bytes int
	// packed with its sender, which is on its way: the sender's next node sends it.
	packed bool
}

// park keeps a frame for p in place of those that it supersedes. It reports
// false, and changes nothing, if there is no room for it.
func (c *Call) park(p *participant, f parked) bool {
	old := p.parked.superseded(f)
	bytes := p.parked.bytes + f.bytes - p.parked.sum(old)
	if c.cfg.ParkedBytes > 0 && bytes > c.cfg.ParkedBytes || c.cfg.Node != nil && !c.cfg.Node.Take(f.bytes) {
		return false
	}
	c.drain(p, old)
	if len(p.parked.frames) == 0 {
		p.parked.as = p.session
	}
	p.parked.frames = append(p.parked.frames, f)
	p.parked.bytes = bytes
	return true
}

// unpark takes the frames that match from what is parked for p.
func (c *Call) unpark(p *participant, match func(parked) bool) []FrameID {
	before := p.parked.bytes
	frames := p.parked.take(match)
	if c.cfg.Node != nil {
		c.cfg.Node.Give(before - p.parked.bytes)
	}
	return frames
}

// superseded matches what a newer frame makes void: of an offer, the sender's
// older one that is parked, with what else it sent in that negotiation. An older
// offer that the peer has got is not taken back, nor are its candidates, nor is
// an answer to the peer's own offer.
func (q *parking) superseded(by parked) func(parked) bool {
	if by.typ != protocol.TypeOffer {
		return noFrame
	}
	for _, f := range q.frames {
		if f.typ == protocol.TypeOffer && f.from == by.from {
			return func(g parked) bool { return g.from == f.from && g.epoch == f.epoch }
		}
	}
	return noFrame
}

func (q *parking) sum(match func(parked) bool) (bytes int) {
	for _, f := range q.frames {
		if match(f) {
			bytes += f.bytes
		}
	}
	return bytes
}

// take removes the frames that match, and keeps the order of the others.
func (q *parking) take(match func(parked) bool) (taken []FrameID) {
	q.bytes -= q.sum(match)
	q.frames = slices.DeleteFunc(q.frames, func(f parked) bool {
		if !match(f) {
			return false
		}
		taken = append(taken, f.id)
		return true
	})
	return taken
}

// stays matches what does not wait for a sender that was packed.
func (q *parking) stays() func(parked) bool {
	var away []*participant
	for _, f := range q.frames {
		if f.packed {
			away = append(away, f.from)
		}
	}
	return func(f parked) bool { return !slices.Contains(away, f.from) }
}

// has reports whether something of a sender's waits.
func (q *parking) has(from *participant) bool {
	return slices.ContainsFunc(q.frames, func(f parked) bool { return f.from == from })
}

// free has what a sender sent wait for that no more, and reports whether something did.
func (q *parking) free(from *participant) (did bool) {
	for i := range q.frames {
		if f := &q.frames[i]; f.from == from && f.packed {
			f.packed, did = false, true
		}
	}
	return did
}

func anyFrame(parked) bool { return true }

func noFrame(parked) bool { return false }
