//go:build linux

package swarm

import (
	"context"
	"fmt"
	"time"

	"parley/protocol"
)

// Load is a frame that every socket sends in its turn, and what must come of
// it: so many answers (acks or pongs) to the sender, and so many other frames
// that carry its stamp.
type Load struct {
	Frame       func(place int) *Template // of the sender, by its place among the dials
	Answers     int
	Deliveries  int
	Outstanding int // frames under way at once
}

// Window is when a sustained load is measured.
type Window struct {
	Warm     time.Duration // load before it
	Measured time.Duration
	// Begin and End are called at its edges, where they are set. They must be
	// quick: the load stands still meanwhile.
	Begin, End func() error
}

// Each has every socket send the frame once, and returns when all has come that
// must.
func (s *Swarm) Each(ctx context.Context, l Load) (Result, error) {
	r := s.begin(l, len(s.sockets))
	r.counting = true
	start := s.now()
	err := r.drain(ctx)
	r.result.Elapsed = s.now() - start
	return r.result, err
}

// Sustain keeps the load up, measures it within the window, and returns when
// all has come that must, which is not counted any more.
func (s *Swarm) Sustain(ctx context.Context, l Load, w Window) (Result, error) {
	r := s.begin(l, -1)
	if err := r.push(ctx, s.now()+w.Warm); err != nil {
		return r.result, err
	}
	if err := call(w.Begin); err != nil {
		return r.result, err
	}
	r.counting = true
	start := s.now()
	if err := r.push(ctx, start+w.Measured); err != nil {
		return r.result, err
	}
	r.counting = false
	r.result.Elapsed = s.now() - start
	if err := call(w.End); err != nil {
		return r.result, err
	}
	r.left = 0
	return r.result, r.drain(ctx)
}

func call(hook func() error) error {
	if hook == nil {
		return nil
	}
	return hook()
}

// run is one load under way.
type run struct {
	swarm    *Swarm
	load     Load
	slots    []slot
	free     []uint32
	next     int // place of the next sender
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

func (s *Swarm) begin(l Load, frames int) *run {
	r := &run{swarm: s, load: l, left: frames, slots: make([]slot, l.Outstanding), result: newResult()}
	for i := range r.slots {
		r.free = append(r.free, uint32(i))
	}
	s.handle = r.receive
	return r
}

// push keeps the load up until a time of the swarm's.
func (r *run) push(ctx context.Context, end time.Duration) error {
	since, turn := r.swarm.now(), r.swarm.sent
	for {
		if err := r.send(); err != nil {
			return err
		}
		now := r.swarm.now()
		switch {
		case now >= end:
			return nil
		case r.swarm.sent != turn:
			since, turn = now, r.swarm.sent
		case now-since > patience:
			return r.stuck(errSilent)
		}
		if err := r.swarm.turn(ctx, end-now); err != nil {
			return err
		}
	}
}

// drain waits for what is under way, and sends what is left.
func (r *run) drain(ctx context.Context) error {
	err := r.swarm.until(ctx, func() (int, error) {
		err := r.send()
		return r.left + len(r.slots) - len(r.free), err
	})
	if err != nil {
		return r.stuck(err)
	}
	return nil
}

func (r *run) stuck(err error) error {
	answers, deliveries := 0, 0
	for _, s := range r.slots {
		answers += s.answers
		deliveries += s.deliveries
	}
	return fmt.Errorf("swarm: %d answers and %d deliveries are missing: %w", answers, deliveries, err)
}

// send fills the free slots.
func (r *run) send() error {
	for len(r.free) > 0 && r.left != 0 {
		last := len(r.free) - 1
		i := r.free[last]
		r.free = r.free[:last]
		r.swarm.sent++
		turn := r.swarm.sent
		r.slots[i] = slot{turn, r.swarm.now(), r.load.Answers, r.load.Deliveries}
		k := r.swarm.sockets[r.next]
		if err := r.swarm.send(k, r.load.Frame(k.place).stamp(i, turn)); err != nil {
			return err
		}
		r.next = (r.next + 1) % len(r.swarm.sockets)
		r.left--
	}
	return nil
}

// receive takes a message of the server's.
func (r *run) receive(_ *socket, payload []byte, now time.Duration) error {
	typ := typeOf(payload)
	if typ == protocol.TypeError {
		return fmt.Errorf("swarm: the server answered %s", payload)
	}
	i, turn, ok := findStamp(payload)
	if !ok {
		return nil // of its own accord: presence, call state
	}
	if int(i) >= len(r.slots) || r.slots[i].turn != turn {
		return fmt.Errorf("swarm: nobody waits for %s", payload)
	}
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
