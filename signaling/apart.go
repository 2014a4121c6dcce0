package signaling

import (
	"math/rand/v2"
	"time"

	"parley/ledger"
	"parley/signaling/call"
)

// rejoinPause is how long a call that is apart waits before it tries again.
const rejoinPause = time.Second

// depart has the call here go on by itself, for the ledger is out of reach or has
// lost the document: who is on this node is served on, and what happens is merged
// into the document as soon as that can be done.
func (c *roomCall) depart() {
	a := c.accord
	if a.apart {
		return
	}
	a.apart = true
	c.svc.cfg.Meter.Apart(1)
	waiting := a.waiting
	a.waiting = nil
	for _, p := range waiting {
		c.apply(p)
	}
	c.takeAllEarly()
	c.rejoin()
}

// apply has an event happen here, now.
func (c *roomCall) apply(p *proposal) {
	c.accord.changed = true
	actions := c.call.Step(p.event)
	if p.err = call.Rejection(actions); p.err == nil {
		c.perform(nil, actions)
		c.observe(c.call.State())
	}
	p.done(p.err)
}

// rejoin tries to make one document of what is found and what is here.
func (c *roomCall) rejoin() {
	a := c.accord
	if !a.apart || a.busy {
		return
	}
	a.busy = true
	c.svc.load(c.room, c.key, c.merge)
}

func (c *roomCall) rejoinLater() {
	r := c.room
	pause := rejoinPause + rand.N(rejoinPause/4) // rooms do not all try at once
	c.svc.after(pause, func() { r.Post(c.rejoin) })
}

func (c *roomCall) merge(d ledger.Document, err error) {
	a := c.accord
	if err != nil {
		a.busy = false
		c.rejoinLater()
		return
	}
	found, err := decodeRosterOf(d)
	if err != nil {
		c.svc.cfg.Logger.Error("signaling: roster not understood", "room", c.room.ID(), "err", err)
	}
	if d.Version < a.version { // lost, or of the past: who is in it and not known here has left
		found = call.Roster{}
	}
	merged := call.Merge(c.cfg, call.Split{Found: found, Mine: c.call.Roster(), ID: newID()})
	value := encodeRoster(merged)
	a.changed = false
	c.svc.swap(c.room, c.key, d.Version, merged, value, func(now ledger.Document, stored bool, err error) {
		switch {
		case err != nil:
			c.svc.cfg.Meter.Swapped(SwapFailed)
			a.busy = false
			c.rejoinLater()
		case !stored:
			c.svc.cfg.Meter.Swapped(SwapConflict)
			c.merge(now, nil)
		default:
			c.svc.cfg.Meter.Swapped(SwapStored)
			a.busy = false
			c.merged(now.Version, merged, value)
		}
	})
}

// merged goes on from the document, unless more has happened here meanwhile: that
// is to be merged too.
func (c *roomCall) merged(version int64, r call.Roster, value []byte) {
	a := c.accord
	a.version, a.agreed, a.value, a.learned = version, r, value, time.Now()
	c.room.Publish(channel, letterRoster, appendVersion(version, value))
	if a.changed {
		c.rejoin()
		return
	}
	a.apart = false
	c.svc.cfg.Meter.Apart(-1)
	c.perform(nil, c.call.Follow(r))
	c.holdBack()
	c.observe(c.call.State())
	c.bury(time.Now())
	c.look() // what was published meanwhile was not listened to
}

func decodeRosterOf(d ledger.Document) (call.Roster, error) {
	if d.Version == 0 {
		return call.Roster{}, nil
	}
	return decodeRoster(d.Value)
}
