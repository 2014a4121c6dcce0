package main

import (
	"context"
	"math"
	"time"

	"parley/loadtest/bench/report"
	"parley/loadtest/bench/swarm"
)

// memory measures what a socket costs that has nothing to say.
func (t *trial) memory(ctx context.Context) error {
	return t.on(ctx, settings{}, func(s *stage) error {
		place, err := s.settle(ctx, s.o.crowd/roomSize, roomSize)
		if err != nil {
			return err
		}
		if err := s.restart(ctx); err != nil {
			return err
		}
		dials := place.dials(chatPath)
		return s.growth(ctx, "", len(dials), report.AtMost(1000), func(n int) error {
			if _, err := s.open(ctx, dials[:n]); err != nil {
				return err
			}
			if n < len(dials) { // only to get warm
				return s.swarm.Leave(ctx)
			}
			_, err := s.swarm.Each(ctx, s.typing(roomSize-1))
			return err
		})
	})
}

// typing is a load of messages that are not stored, from every socket in turn,
// with as much under way as a saturated load has.
func (s *stage) typing(deliveries int) swarm.Load {
	return swarm.Load{Frame: same(typingFrame()), Deliveries: deliveries, Outstanding: s.o.frames(deliveries)}
}

// warmShare is which part of the sockets is opened and closed before memory is
// read for the first time, so that what is needed for any socket at all is there.
const warmShare = 20

// growth measures what the server grows by when n sockets are opened. They have
// been used, by open, before it is read. The figures' names begin with what.
func (s *stage) growth(ctx context.Context, what string, n int, target *report.Target, open func(n int) error) error {
	if err := open(max(n/warmShare, 1)); err != nil {
		return err
	}
	before, err := s.held(ctx)
	if err != nil {
		return err
	}
	if err := open(n); err != nil {
		return err
	}
	atOnce, err := s.holds(ctx)
	if err != nil {
		return err
	}
	after, err := s.held(ctx)
	if err != nil {
		return err
	}
	each := func(after, before float64) float64 { return (after - before) / float64(n) }
	s.tell(report.Figure{Name: what + "RSS at rest", Unit: "B", Target: target}, each(after.rss, before.rss))
	s.tell(report.Figure{Name: what + "Go heap and stacks at rest", Unit: "B"}, each(after.heap, before.heap))
	s.detail(what+"RSS before anything is collected", "B", each(atOnce.rss, before.rss))
	s.detail(what+"RSS in all", "MiB", after.rss/(1<<20))
	return nil
}

// memory is what the server holds, in bytes.
type memory struct{ rss, heap float64 }

// look is how often memory is read while it comes to rest.
const look = 200 * time.Millisecond

// held is the least that the server is seen to hold while it comes to rest: what
// Go has collected goes back to the system little by little. A server is asked to
// collect; by itself it does at least every two minutes.
func (s *stage) held(ctx context.Context) (memory, error) {
	least := memory{math.Inf(1), math.Inf(1)}
	for waited := time.Duration(0); waited <= s.o.settle; waited += look {
		if s.server.admin != nil {
			if err := s.server.admin.collect(ctx); err != nil {
				return least, err
			}
		}
		m, err := s.holds(ctx)
		if err != nil {
			return least, err
		}
		least = memory{min(m.rss, least.rss), min(m.heap, least.heap)}
		if _, err := s.swarm.Sustain(ctx, swarm.Window{Measured: min(look, s.o.settle)}); err != nil {
			return least, err
		}
	}
	return least, nil
}

func (s *stage) holds(ctx context.Context) (memory, error) {
	rss, err := s.server.child.Process.RSS()
	if err != nil || s.server.admin == nil {
		return memory{float64(rss), math.NaN()}, err
	}
	heap, err := s.server.admin.heap(ctx)
	return memory{float64(rss), float64(heap)}, err
}
