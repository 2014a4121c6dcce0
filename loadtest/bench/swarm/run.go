//go:build linux

package swarm

import (
	"fmt"
	"time"

	"parley/loadtest/wire"
	"parley/protocol"
)

// run is one load under way.
type run struct {
	// static
	swarm *Swarm
	load  Load
	tag   uint32 // upper bits of its slots' numbers: which load of the swarm's it is
	timer timer  // of a paced load
	began time.Duration

	slots    []slot
	free     []uint32
	sent     int // frames
	left     int // frames still to be sent; negative: no end
	counting bool
	result   Result
}

// slot is one frame under way.
type slot struct {
	turn       uint32 // which frame of the swarm's it is: tells the slot's uses apart
	sent       time.Duration
	answers    int // still to come
	deliveries int // still to come
}

// slotBits is how much of a slot's number tells it from others of its load.
const slotBits = 28

func newRun(s *Swarm, l Load, nth int) *run {
	r := &run{
		swarm: s, load: l, tag: uint32(nth) << slotBits, began: s.now(),
		slots: make([]slot, l.Outstanding), free: make([]uint32, l.Outstanding),
		left: -1, result: newResult(),
	}
	for i := range r.free {
		r.free[i] = uint32(i)
	}
	return r
}

func count(runs []*run, on bool) {
	for _, r := range runs {
		r.counting = on
	}
}

// came is how many frames were counted.
func (r *run) came() int64 { return r.result.Answer.Count() + r.result.Delivery.Count() }

// senders is how many sockets send in turn.
func (r *run) senders() int {
	if r.load.Senders != nil {
		return len(r.load.Senders)
	}
	return len(r.swarm.sockets)
}

// sender is the next of them.
func (r *run) sender() *socket {
	place := r.sent % r.senders()
	if r.load.Senders != nil {
		place = r.load.Senders[place]
	}
	return r.swarm.sockets[place]
}

// send sends what is due.
func (r *run) send() error {
	if r.load.Pace == 0 {
		for len(r.free) > 0 && r.left != 0 {
			if err := r.sendOne(); err != nil {
				return err
			}
		}
		return nil
	}
	due := int((r.swarm.now() - r.began).Seconds() * r.load.Pace)
	for r.sent < due && r.left != 0 {
		if len(r.free) == 0 {
			return fmt.Errorf("swarm: the server does not keep pace: %d frames are under way", len(r.slots))
		}
		if err := r.sendOne(); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) sendOne() error {
	last := len(r.free) - 1
	i := r.free[last]
	r.free = r.free[:last]
	s := r.swarm
	s.sent++
	s.moved++
	r.slots[i] = slot{s.sent, s.now(), r.load.Answers, r.load.Deliveries}
	k := r.sender()
	r.sent++
	r.left--
	return s.send(k, r.load.Frame(k.place, s.sent).stamp(r.tag|i, s.sent))
}

// receive takes a message of the server's.
func (s *Swarm) receive(_ *socket, payload []byte, now time.Duration) error {
	typ := wire.TypeOf(payload)
	if typ == protocol.TypeError {
		return fmt.Errorf("swarm: the server answered %s", payload)
	}
	number, turn, ok := findStamp(payload)
	if !ok {
		return nil // of its own accord: presence, call state
	}
	nth, i := number>>slotBits, number&(1<<slotBits-1)
	if int(nth) >= len(s.loads) || int(i) >= len(s.loads[nth].slots) || s.loads[nth].slots[i].turn != turn {
		return fmt.Errorf("swarm: nobody waits for %s", payload)
	}
	s.moved++
	return s.loads[nth].match(i, typ, payload, now)
}

// match finds what a message was to come of.
func (r *run) match(i uint32, typ protocol.Type, payload []byte, now time.Duration) error {
	s := &r.slots[i]
	left, times := &s.deliveries, r.result.Delivery
	if typ == protocol.TypeAck || typ == protocol.TypePong {
		left, times = &s.answers, r.result.Answer
	}
	if *left--; *left < 0 {
		return fmt.Errorf("swarm: once too often came %s", payload)
	}
	if r.counting {
		times.record(now - s.sent)
	}
	if s.answers+s.deliveries > 0 {
		return nil
	}
	r.free = append(r.free, i)
	if r.counting {
		r.result.Done++
	}
	return nil
}
