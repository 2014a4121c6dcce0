package signaling

import (
	"slices"
	"time"
)

// What one peer sends another stays in its order, wherever the other goes meanwhile.
// Frames are under way at once, and one may come back from a node that was just packing
// its target. Then that node sends back all that was under way behind it (signal.first),
// they wait here in their order, and are sent again when none is under way any more.

// retryPause is how long what came back waits where its target does not seem to be away.
const retryPause = 100 * time.Millisecond

// wait has a peer not read from until none of its frames is under way.
func (p *peer) wait() {
	if !p.waits && !p.session.Gone() {
		p.waits = true
		p.session.PauseReading()
	}
}

// holdBack has those wait whose frames are under way to where the targets are no more:
// these come back, to be sent again, and nothing is to overtake them.
func (c *roomCall) holdBack() {
	for _, x := range c.accord.errands {
		for i := range x.to {
			t := &x.to[i]
			if m := c.accord.agreed.Find(t.PeerID); !t.done && m != nil && m.Boot != t.boot {
				x.peer.wait()
			}
		}
	}
}

// first reports whether nothing else of an errand's peer is under way to a target.
func (c *roomCall) first(x *errand, t *target) bool {
	if x.peer.errands == 1 {
		return true
	}
	for _, y := range c.accord.errands {
		if y != x && !y.held && y.peer == x.peer && y.isFor(t) {
			return false
		}
	}
	return true
}

// behind reports whether an errand has to wait for earlier ones of its peer's: what came
// back for all that is under way to the same target, and everything for that.
func (c *roomCall) behind(x *errand) bool {
	if x.peer.errands == 1 {
		return false
	}
	for _, y := range c.accord.errands {
		goesBefore := y.held || x.late && !y.late
		if goesBefore && y.request < x.request && y.peer == x.peer && slices.ContainsFunc(x.to, func(t target) bool { return y.isFor(&t) }) {
			return true
		}
	}
	return false
}

// holds reports whether something of a peer's for a target waits that came back earlier.
func (c *roomCall) holds(p *peer, t *target) bool {
	return slices.ContainsFunc(c.accord.held, func(x *errand) bool { return x.peer == p && x.isFor(t) })
}

// isFor reports whether an errand is still to reach who a target is.
func (x *errand) isFor(t *target) bool {
	for i := range x.to {
		if !x.to[i].done && x.to[i].PeerID == t.PeerID {
			return true
		}
	}
	return false
}

// through lets go on what has waited for an errand.
func (c *roomCall) through(x *errand) {
	a, p := c.accord, x.peer
	delete(a.errands, x.request)
	p.errands--
	held := a.held
	a.held = nil
	for _, y := range held {
		if y.held = c.behind(y); y.held {
			a.held = append(a.held, y)
		} else {
			c.dispatch(y)
		}
	}
	if p.errands > 0 {
		return
	}
	if p.returned {
		p.returned = false
		c.retryLater(p)
	}
	if p.waits {
		p.waits = false
		c.readOn(p)
	}
}

// retryLater sends once more what came back, unless it waits for news of its target.
func (c *roomCall) retryLater(p *peer) {
	r := c.room
	c.svc.after(retryPause, func() {
		r.Post(func() {
			if c.byID[p.id] == p {
				c.perform(nil, c.call.Retry(p.id))
			}
		})
	})
}
