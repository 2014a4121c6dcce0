//go:build linux

package swarm

import (
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

// Load is a frame that sockets send in their turn, and what must come of it: so
// many answers (acks or pongs) to the sender, and so many other frames that
// carry its stamp.
type Load struct {
	// Frame is what the sender with this place among the dials sends; turn
	// counts the frames of the swarm.
	Frame       func(place int, turn uint32) *Template
	Senders     []int // places; nil: every socket
	Answers     int
	Deliveries  int
	Outstanding int // frames under way at most
	// Pace is how many frames are sent a second, whatever has come of those
	// before. At 0 the next is sent when all has come of another: as many as
	// Outstanding are under way always.
	Pace float64
}

// Window is when sustained loads are measured.
type Window struct {
	Warm     time.Duration // load before it
	Measured time.Duration // or longer, until something has come of each load
	// Begin and End are called at its edges, where they are set. They must be
	// quick: the load stands still meanwhile.
	Begin, End func() error
}

// Each has every sender send the frame once, and returns when all has come that
// must.
func (s *Swarm) Each(ctx context.Context, l Load) (Result, error) {
	runs, err := s.begin(l)
	defer s.finish()
	if err != nil {
		return Result{}, err
	}
	r := runs[0]
	r.left, r.counting = r.senders(), true
	start := s.now()
	err = s.drain(ctx)
	r.result.Elapsed = s.now() - start
	return r.result, err
}

// Sustain keeps loads up side by side, measures them within the window, and
// returns when all has come that must, which is not counted any more. Without a
// load it only answers what the server asks.
func (s *Swarm) Sustain(ctx context.Context, w Window, loads ...Load) ([]Result, error) {
	runs, err := s.begin(loads...)
	defer s.finish()
	if err == nil {
		err = s.push(ctx, s.now()+w.Warm, 0)
	}
	if err == nil {
		err = call(w.Begin)
	}
	if err != nil {
		return nil, err
	}
	count(runs, true)
	start := s.now()
	if err := s.push(ctx, start+w.Measured, 1); err != nil {
		return nil, err
	}
	count(runs, false)
	elapsed := s.now() - start
	if err := call(w.End); err != nil {
		return nil, err
	}
	results := make([]Result, len(runs))
	for i, r := range runs {
		r.left = 0
		r.result.Elapsed = elapsed
		results[i] = r.result
	}
	return results, s.drain(ctx)
}

func call(hook func() error) error {
	if hook == nil {
		return nil
	}
	return hook()
}

// begin puts loads under way, of which nothing is sent yet.
func (s *Swarm) begin(loads ...Load) ([]*run, error) {
	s.handle = s.receive
	for i, l := range loads {
		r := newRun(s, l, i)
		s.loads = append(s.loads, r)
		if l.Pace == 0 {
			continue
		}
		var err error
		if r.timer, err = newTimer(time.Duration(float64(time.Second) / l.Pace)); err != nil {
			return s.loads, err
		}
		event := unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(-i - 1)}
		if err := unix.EpollCtl(s.epoll, unix.EPOLL_CTL_ADD, r.timer.fd, &event); err != nil {
			return s.loads, fmt.Errorf("swarm: epoll_ctl: %w", err)
		}
	}
	return s.loads, nil
}

func (s *Swarm) finish() {
	for _, r := range s.loads {
		r.timer.close()
	}
	s.loads = nil
}

// push keeps the loads up until a time of the swarm's, or longer, until so many
// frames have come of each that were counted.
func (s *Swarm) push(ctx context.Context, end time.Duration, least int64) error {
	silent := silence{since: s.now()}
	for {
		left, err := s.fill()
		if err != nil {
			return err
		}
		now := s.now()
		if now >= end && !slices.ContainsFunc(s.loads, func(r *run) bool { return r.came() < least }) {
			return nil
		}
		if left > 0 {
			err = silent.check(s.moved, now)
		}
		if err != nil {
			return s.stuck(err)
		}
		if err := s.turn(ctx, end-now); err != nil {
			return err
		}
	}
}

// drain waits for what is under way, and sends what is left.
func (s *Swarm) drain(ctx context.Context) error {
	err := s.until(ctx, func() (int, time.Duration, error) {
		left, err := s.fill()
		return left, maxWait, err
	})
	if err != nil {
		return s.stuck(err)
	}
	return nil
}

// fill sends what is due and tells how many frames are under way or to come.
func (s *Swarm) fill() (left int, err error) {
	for _, r := range s.loads {
		if err := r.send(); err != nil {
			return 0, err
		}
		left += max(r.left, 0) + len(r.slots) - len(r.free)
	}
	return left, nil
}

func (s *Swarm) stuck(err error) error {
	answers, deliveries := 0, 0
	for _, r := range s.loads {
		for _, slot := range r.slots {
			answers += slot.answers
			deliveries += slot.deliveries
		}
	}
	return fmt.Errorf("swarm: %d answers and %d deliveries are missing: %w", answers, deliveries, err)
}
