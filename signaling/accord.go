package signaling

import (
	"bytes"
	"encoding/json"
	"time"

	"parley/ledger"
	"parley/room"
	"parley/signaling/call"
)

// accord is what a room's call needs where the room may be on several nodes. What
// happens to sessions here is proposed, as the roster that follows from it; it has
// happened once that roster is the document. Whoever loses the race decides again
// from the winner's.
//
//	propose ─▶ decide ─▶ Ledger.Swap ─▶ stored:   learn, answer, publish
//	              ▲                  ├▶ conflict: learn, decide again
//	              └──────────────────┴▶ failed:   apart (see apart.go)
type accord struct {
	// owned by the shard
	version int64       // of the document
	agreed  call.Roster // that it is
	value   []byte      // as it is stored
	learned time.Time   // when it was new here
	waiting []*proposal
	busy    bool            // the ledger is asked
	looking bool            // for a newer document
	newcome []*room.Session // of other channels, that are told of it
	refresh bool            // the document is to be stored again as it is

	apart   bool // the call here is not the document's
	changed bool // since it was last merged into the document

	lastRequest uint64
	errands     map[uint64]*errand
	held        []*errand // that wait for others; in their order
	queue       []*errand // in the order in which their time is up; some are done
	early       []room.Letter
	late        map[*peer][]room.Frame       // for peers that arrive with earlier ones; kept
	strays      map[call.SessionID]time.Time // sessions that were not where the roster has them, since when; some have moved on
}

// proposal is an event that is not decided yet. done is called once it is, with
// why it was rejected if it was.
type proposal struct {
	event call.Event
	holds func(now call.Roster) bool // whether there is still reason for it; nil: there is
	err   error
	done  func(err error)
}

// propose has an event happen. Where nobody can be asked it happens at once.
func (c *roomCall) propose(ev call.Event, done func(err error)) {
	c.put(&proposal{event: ev, done: done})
}

func (c *roomCall) put(p *proposal) {
	if c.accord.apart {
		c.apply(p)
		return
	}
	c.accord.waiting = append(c.accord.waiting, p)
	c.decide()
}

// decide asks the ledger to agree to all that is proposed.
func (c *roomCall) decide() {
	a := c.accord
	if a.busy || a.apart || len(a.waiting) == 0 && !a.refresh {
		return
	}
	scratch := call.From(c.cfg, a.agreed)
	rejected := false
	for _, p := range a.waiting {
		if p.holds != nil && !p.holds(a.agreed) {
			p.err = nil
			continue
		}
		p.err = call.Rejection(scratch.Step(p.event))
		rejected = rejected || p.err != nil
	}
	next := scratch.Roster()
	if next.ID == "" {
		next.ID = newID()
	}
	value := encodeRoster(next)
	n := len(a.waiting)
	switch same := bytes.Equal(value, a.value); {
	case same && rejected && a.version != 0: // by a document that may be old
		a.busy = true
		was := a.version
		c.svc.load(c.room, c.key, func(d ledger.Document, err error) {
			if err != nil {
				c.depart()
			} else if c.found(d, was); a.version == was {
				c.settle(n)
			}
			c.next()
		})
	case same && !a.refresh:
		c.settle(n)
	default:
		a.busy, a.refresh = true, false
		was := a.version
		c.svc.swap(c.room, c.key, was, next, value, func(d ledger.Document, stored bool, err error) {
			c.swapped(proposed{n, was, next, value}, d, stored, err)
		})
	}
}

// proposed is what the ledger was asked to agree to.
type proposed struct {
	n     int // so many proposals, the first that wait
	was   int64
	next  call.Roster
	value []byte
}

func (c *roomCall) swapped(p proposed, d ledger.Document, stored bool, err error) {
	switch {
	case err != nil:
		c.svc.cfg.Meter.Swapped(SwapFailed)
		c.depart()
	case stored:
		c.svc.cfg.Meter.Swapped(SwapStored)
		c.learn(d.Version, p.next, p.value)
		c.room.Publish(channel, letterRoster, appendVersion(d.Version, p.value))
		c.settle(p.n)
	default:
		c.svc.cfg.Meter.Swapped(SwapConflict)
		c.found(d, p.was)
	}
	c.next()
}

// next goes on when the ledger has answered.
func (c *roomCall) next() {
	c.accord.busy = false
	if c.accord.apart {
		c.rejoin()
	} else {
		c.decide()
	}
}

// settle answers the first that wait, as they were decided.
func (c *roomCall) settle(n int) {
	a := c.accord
	if a.apart {
		return // all were applied when the call parted
	}
	settled := a.waiting[:n:n]
	a.waiting = a.waiting[n:]
	for _, p := range settled {
		p.done(p.err)
	}
}

// found takes the document as the ledger has it, which was asked when version was
// was the newest here; 0: the answer may be older than that.
func (c *roomCall) found(d ledger.Document, was int64) {
	a := c.accord
	switch {
	case a.apart || d.Version == a.version:
	case d.Version == 0 && was == a.version && len(a.agreed.Members) == 0: // it has outlived its time
		a.version, a.agreed, a.value = 0, call.Roster{}, nil
	case d.Version < was && was == a.version: // lost, or restored from before
		c.depart()
	case d.Version < a.version:
		if was == 0 {
			c.look()
		}
	default:
		r, err := decodeRoster(d.Value)
		if err != nil {
			c.svc.cfg.Logger.Error("signaling: roster not understood", "room", c.room.ID(), "err", err)
			c.depart() // it is made anew
			return
		}
		c.learn(d.Version, r, d.Value)
	}
}

// learn brings the call to a newer roster.
func (c *roomCall) learn(version int64, r call.Roster, value []byte) {
	a := c.accord
	if a.apart || version <= a.version {
		return
	}
	if !c.call.Continues(r) {
		c.depart()
		return
	}
	a.version, a.agreed, a.value, a.learned = version, r, value, time.Now()
	c.perform(nil, c.call.Follow(r))
	c.holdBack()
	c.observe(c.call.State())
	c.takeEarly()
	c.bury(time.Now())
}

// look asks for the document.
func (c *roomCall) look() {
	a := c.accord
	if a.looking || a.apart {
		return
	}
	a.looking = true
	was := a.version
	c.svc.load(c.room, c.key, func(d ledger.Document, err error) {
		a.looking = false
		defer c.tellNewcome()
		if err != nil {
			c.depart()
			return
		}
		c.found(d, was)
		if len(a.early) > 0 && a.version == was { // of a version that was lost
			c.takeAllEarly()
		}
		c.decide()
	})
}

// Synchronize implements room.Neighbor.
func (c *roomCall) Synchronize() {
	if c.accord != nil {
		c.look()
	}
}

func encodeRoster(r call.Roster) []byte {
	b, err := json.Marshal(r)
	if err != nil {
		panic("signaling: a roster always encodes: " + err.Error())
	}
	return b
}

func decodeRoster(value []byte) (r call.Roster, err error) {
	err = json.Unmarshal(value, &r)
	return r, err
}
