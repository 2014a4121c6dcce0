package signaling

import (
	"time"

	"parley/protocol"
	"parley/room"
	"parley/signaling/call"
)

const (
	// errandTimeout is how long another node may take to say what became of a frame.
	errandTimeout = 2 * time.Second
	// mostErrands is how many frames of one peer may be under way: then it is not read
	// from until these are through.
	mostErrands = 64
)

// errand is a frame that is under way to peers of other nodes, until these have
// said what became of it.
type errand struct {
	request  uint64
	peer     *peer // whose frame it is
	id       protocol.ID
	typ      protocol.Type
	everyone bool // has no target, but all others
	late     bool // the sender has its ack already: what fails expires
	held     bool // until others are through: not under way yet
	delivery protocol.Delivery
	passed   int // to so many it was, or is parked
	refused  []*call.SendExpired
	gone     bool // a target was not there
	to       []target
	until    time.Time
}

// target is a peer of another node.
type target struct {
	call.Companion
	session call.SessionID
	boot    string
	epoch   int64
	frame   room.Frame // held
	first   bool       // see signal
	done    bool
}

// begin sends an errand on its way, once it may go.
func (c *roomCall) begin(x *errand) {
	c.enter(x)
	if x.held = c.behind(x); x.held {
		c.accord.held = append(c.accord.held, x)
		x.peer.wait()
		return
	}
	c.dispatch(x)
}

// enter notes an errand.
func (c *roomCall) enter(x *errand) {
	a := c.accord
	if a.errands == nil {
		a.errands = make(map[uint64]*errand)
	}
	a.lastRequest++
	x.request = a.lastRequest
	a.errands[x.request] = x
	if x.peer.errands++; x.peer.errands >= mostErrands {
		x.peer.wait()
	}
}

// allow sets when an errand is given up.
func (c *roomCall) allow(x *errand) {
	a := c.accord
	x.until = time.Now().Add(errandTimeout)
	a.queue = append(a.queue, x)
	if len(a.queue) == 1 {
		c.watch()
	}
}

// dispatch writes one letter for all targets that get the same.
func (c *roomCall) dispatch(x *errand) {
	c.allow(x)
	for i := range x.to {
		x.to[i].first = c.first(x, &x.to[i])
	}
	for i := range x.to {
		t := &x.to[i]
		if sent(x.to[:i], t) {
			continue
		}
		s := signal{
			request: x.request, version: c.accord.version, from: x.peer.id, first: t.first,
			epoch: t.epoch, typ: x.typ, id: x.id, text: t.frame.Payload(),
		}
		for j := i; j < len(x.to); j++ {
			if sent(x.to[j:j+1], t) {
				s.to = append(s.to, x.to[j].session)
			}
		}
		c.write(t.boot, letterSignal, s.append(make([]byte, 0, 64+len(s.text)+8*len(s.to))))
	}
}

// sent reports whether a letter for one of these takes t, too.
func sent(to []target, t *target) bool {
	for i := range to {
		if to[i].boot == t.boot && to[i].epoch == t.epoch && to[i].first == t.first {
			return true
		}
	}
	return false
}

// write sends a letter to one node. If the bus does not take it time will tell.
func (c *roomCall) write(boot string, kind byte, body []byte) {
	c.svc.hub.Write(boot, room.Letter{RoomID: c.room.ID(), Channel: channel, Kind: kind, Body: body})
}

// answered takes what a node says of an errand.
func (c *roomCall) answered(boot string, ans answer) {
	x := c.accord.errands[ans.request]
	if x == nil {
		return
	}
	for i, session := range ans.to {
		for j := range x.to {
			if t := &x.to[j]; t.session == session && t.boot == boot && !t.done {
				c.became(x, t, ans.became[i])
			}
		}
	}
	c.finish(x)
}

// became notes what became of a frame for one target.
func (c *roomCall) became(x *errand, t *target, o outcome) {
	c.svc.cfg.Meter.RelayedAcross(o.String())
	if o == gone {
		if m := c.accord.agreed.Find(t.PeerID); m != nil && m.Boot != t.boot {
			o = moved
		}
	}
	switch o {
	case delivered:
		x.passed++
	case queued:
		x.passed++
		x.delivery.Delivery = protocol.Queued
	case gone:
		x.gone = true
		x.refuse(t)
	case moved:
		if c.again(x, t) {
			return
		}
	default:
		x.refuse(t)
	}
	t.done = true
	c.room.Release(t.frame)
}

// refuse notes a target that the frame will not reach.
func (x *errand) refuse(t *target) {
	if x.everyone && x.gone && !x.late {
		x.gone = false
		return // it was no peer any more
	}
	x.refused = append(x.refused, &call.SendExpired{
		To: x.peer.id, SignalExpired: protocol.SignalExpired{UserID: t.UserID, PeerID: t.PeerID, Type: x.typ},
	})
}

// again looks for another way to a target that is on its way elsewhere: the frame is
// parked here until it is there. It reports true if the frame is under way again. A
// sender that has moved itself meanwhile is told: nothing that is parked goes after it.
func (c *roomCall) again(x *errand, t *target) bool {
	if c.byID[x.peer.id] == nil && !x.late {
		x.refuse(t)
		return false
	}
	c.lastFrame++
	for _, a := range c.call.Step(call.Return{
		Session: x.peer.id, PeerID: t.PeerID, Boot: t.boot, Behind: c.holds(x.peer, t), Type: x.typ, Epoch: t.epoch,
		Frame: c.lastFrame, Bytes: parkedOverhead + len(x.id) + len(t.frame.Payload()),
	}) {
		switch a := a.(type) {
		case *call.Drop:
			c.forget(a)
		case *call.Reject:
			x.gone = x.gone || a.Err.Code == protocol.CodePeerNotFound
			x.refuse(t)
		case *call.Forward:
			r := a.To[0]
			switch {
			case r.Boot != "":
				t.session, t.boot = r.Session, r.Boot
				x.until = time.Now().Add(errandTimeout)
				c.resend(x, t)
				return true
			case r.Parked:
				c.park(place{r.Session, c.lastFrame}, parked{frame: t.frame, id: x.id, from: x.peer.id, epoch: t.epoch})
				x.delivery.Delivery = protocol.Queued
				x.peer.returned = true
				x.peer.wait()
			default:
				c.give(c.byID[r.Session], t.frame)
			}
			x.passed++
		}
	}
	return false
}

func (c *roomCall) resend(x *errand, t *target) {
	s := signal{
		request: x.request, version: c.accord.version, from: x.peer.id, first: c.first(x, t),
		epoch: t.epoch, typ: x.typ, id: x.id, to: []call.SessionID{t.session}, text: t.frame.Payload(),
	}
	c.write(t.boot, letterSignal, s.append(nil))
}

// finish tells the sender, once nothing is under way any more.
func (c *roomCall) finish(x *errand) {
	for i := range x.to {
		if !x.to[i].done {
			return
		}
	}
	c.through(x)
	p := x.peer
	if x.late || x.everyone && (x.passed > 0 || len(x.refused) == 0) {
		for _, e := range x.refused {
			e.To = p.id
			c.expired(e, x.id)
		}
	}
	if x.late {
		return
	}
	switch {
	case x.passed > 0 || x.everyone && len(x.refused) == 0:
		c.svc.cfg.Meter.Relayed(string(x.typ), string(x.delivery.Delivery))
		p.session.Ack(x.id, &x.delivery)
	case x.gone:
		p.session.Fail(x.id, protocol.Errorf(protocol.CodePeerNotFound, "the target is no other peer of this call"))
	default:
		p.session.Fail(x.id, protocol.Errorf(protocol.CodeUnavailable, "the target's node cannot be reached, or too much waits there"))
	}
}

// watch gives errands up whose time is over.
func (c *roomCall) watch() {
	a, r := c.accord, c.room
	now := time.Now()
	for len(a.queue) > 0 {
		x := a.queue[0]
		if _, open := a.errands[x.request]; open && x.until.After(now) {
			c.svc.after(x.until.Sub(now), func() { r.Post(c.watch) })
			return
		} else if open {
			for i := range x.to {
				if t := &x.to[i]; !t.done {
					c.became(x, t, timedOut)
				}
			}
			c.finish(x)
		}
		a.queue = a.queue[1:]
	}
	a.queue = nil
}
