package signaling

import (
	"encoding/json"

	"parley/protocol"
	"parley/room"
	"parley/signaling/call"
)

// mostEarly is how many letters wait for the roster that they were written by.
const mostEarly = 256

// Hear implements room.Neighbor.
func (c *roomCall) Hear(l room.Letter) {
	if c.accord == nil {
		return
	}
	if err := c.hear(l); err != nil {
		c.svc.cfg.Logger.Error("signaling: letter not understood", "room", c.room.ID(), "from", l.From, "err", err)
	}
}

func (c *roomCall) hear(l room.Letter) error {
	switch l.Kind {
	case letterRoster:
		version, value, err := readVersion(l.Body)
		if err != nil || version <= c.accord.version {
			return err
		}
		r, err := decodeRoster(value)
		if err != nil {
			return err
		}
		c.learn(version, r, value)
	case letterSignal:
		s, err := readSignal(l.Body)
		if err != nil {
			return err
		}
		c.arrive(l, s)
	case letterAnswer:
		a, err := readAnswer(l.Body)
		if err != nil {
			return err
		}
		c.answered(l.From, a)
	case letterExpired:
		var x expiry
		if err := json.Unmarshal(l.Body, &x); err != nil {
			return err
		}
		c.expired(&call.SendExpired{To: x.Session, SignalExpired: x.What}, protocol.ID(x.ID))
	case letterSignal | room.Returned:
		s, err := readSignal(l.Body)
		if err != nil {
			return err
		}
		c.sentBack(l.From, s)
	}
	return nil
}

// expiry is what a sender on another node is told.
type expiry struct {
	Session call.SessionID         `json:"session"`
	What    protocol.SignalExpired `json:"what"`
	ID      json.RawMessage        `json:"id,omitempty"`
}

// arrive passes a frame on that came from another node, once this node knows all
// that the other knew, so that nobody hears from who has not joined.
func (c *roomCall) arrive(l room.Letter, s signal) {
	a := c.accord
	if !a.apart && (len(a.early) > 0 || s.version > a.version) && len(a.early) < mostEarly {
		a.early = append(a.early, l)
		c.look()
		return
	}
	c.takeIn(l.From, s)
}

// takeEarly takes the letters that waited for what is known now.
func (c *roomCall) takeEarly() {
	a := c.accord
	for len(a.early) > 0 {
		l := a.early[0]
		s, err := readSignal(l.Body)
		if err == nil && s.version > a.version {
			c.look()
			return
		}
		a.early = a.early[1:]
		if err == nil {
			c.takeIn(l.From, s)
		}
	}
	a.early = nil
}

// takeAllEarly takes them, for nothing more will be known soon.
func (c *roomCall) takeAllEarly() {
	early := c.accord.early
	c.accord.early = nil
	for _, l := range early {
		if s, err := readSignal(l.Body); err == nil {
			c.takeIn(l.From, s)
		}
	}
}

func (c *roomCall) takeIn(from string, s signal) {
	ans := answer{request: s.request, to: s.to}
	frame := c.room.Fill(s.typ, func(b []byte) []byte { return append(b, s.text...) })
	for _, to := range s.to {
		ans.became = append(ans.became, c.pass(&s, to, frame))
	}
	c.write(from, letterAnswer, ans.encode())
}

// pass gives a frame to a peer of this node.
func (c *roomCall) pass(s *signal, to call.SessionID, frame room.Frame) outcome {
	p := c.byID[to]
	switch _, left := c.accord.strays[to]; {
	case left && p == nil:
		return moved
	case p == nil:
		return gone
	case left || p.packed || !s.first && p.refused[s.from]:
		p.refuse(s.from)
		return moved
	}
	delete(p.refused, s.from)
	c.lastFrame++
	became := gone
	for _, a := range c.call.Step(call.Arrived{
		From: s.from, Session: to, Type: s.typ, Epoch: s.epoch,
		Frame: c.lastFrame, Bytes: parkedOverhead + len(s.id) + len(s.text),
	}) {
		switch a := a.(type) {
		case *call.Drop:
			c.forget(a)
		case *call.Reject:
			if a.Err.Code == protocol.CodeUnavailable {
				became = unavailable
			}
		case *call.Forward:
			if became = delivered; a.To[0].Parked {
				became = queued
				c.park(place{a.To[0].Session, c.lastFrame}, parked{frame: frame, id: s.id.Clone(), from: s.from, epoch: s.epoch})
			} else {
				c.give(p, frame)
			}
		}
	}
	return became
}

// refuse notes a sender of which something was sent back. What is under way behind that
// is not to overtake it.
func (p *peer) refuse(from call.SessionID) {
	if p.refused == nil {
		p.refused = make(map[call.SessionID]bool)
	}
	p.refused[from] = true
}

// give sends a peer a signal, behind those that it brings from another node.
func (c *roomCall) give(p *peer, f room.Frame) {
	if !p.arriving {
		p.session.Send(f)
		return
	}
	f.Keep()
	if c.accord.late == nil {
		c.accord.late = make(map[*peer][]room.Frame)
	}
	c.accord.late[p] = append(c.accord.late[p], f)
}

// catchUp sends a peer what waited until it had what it brought.
func (c *roomCall) catchUp(p *peer) {
	for _, f := range c.accord.late[p] {
		p.session.Send(f)
	}
	delete(c.accord.late, p)
}

// sentBack takes a signal that came back from a node where nobody is in the room:
// its targets are on their way to another, or what the roster has of them is not so.
func (c *roomCall) sentBack(boot string, s signal) {
	ans := answer{request: s.request, to: s.to, became: make([]outcome, len(s.to))}
	for i, to := range s.to {
		c.stray(to)
		ans.became[i] = moved
	}
	c.answered(boot, ans)
}

// handOver sends a peer of another node what was parked for it here.
func (c *roomCall) handOver(d *call.Deliver) {
	for _, f := range d.Frames {
		at := place{d.For, f}
		w := c.parked[at]
		if p := c.byID[w.from]; p != nil {
			x := &errand{peer: p, id: w.id, typ: w.frame.Type, late: true}
			w.frame.Hold()
			x.to = []target{{Companion: c.call.Companion(d.To), session: d.To, boot: d.Boot, epoch: w.epoch, frame: w.frame}}
			c.begin(x)
		} else { // of a third node's peer, which has its answer: nobody waits for another
			s := signal{
				version: c.accord.version, from: w.from, first: true, epoch: w.epoch, typ: w.frame.Type, id: w.id,
				to: []call.SessionID{d.To}, text: w.frame.Payload(),
			}
			c.write(d.Boot, letterSignal, s.append(nil))
		}
		c.unpark(at)
	}
}
