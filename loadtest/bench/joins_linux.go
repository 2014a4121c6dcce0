package main

import (
	"context"

	"parley/loadtest/bench/report"
	"parley/loadtest/bench/swarm"
)

const (
	// joinsAtOnce is how many handshakes are under way at a time, unless it is a
	// storm.
	joinsAtOnce = 256
	// joinRounds is how often all sockets come and go.
	joinRounds = 2
)

// joins measures what it costs to let sockets in.
func (t *trial) joins(ctx context.Context) error {
	return t.on(ctx, settings{}, func(s *stage) error {
		place, err := s.settle(ctx, s.o.crowd/roomSize, roomSize)
		if err != nil {
			return err
		}
		all := measured{Result: swarm.Result{Answer: swarm.NewLatency()}}
		for round := range joinRounds {
			if round > 0 {
				if err := s.swarm.Leave(ctx); err != nil {
					return err
				}
			}
			profiled := s.profiled(ctx, "", s.o.duration)
			m, err := s.open(ctx, place.dials(chatPath))
			if err != nil {
				return err
			}
			if err := profiled(); err != nil {
				return err
			}
			all.spent, all.Elapsed, all.Done = all.spent.plus(m.spent), all.Elapsed+m.Elapsed, all.Done+m.Done
			all.Answer.Merge(m.Answer)
		}
		s.tell(report.Figure{Name: "CPU for 1,000", Unit: "ms", Target: report.AtMost(40)}, all.each(all.Done), all.notes()...)
		s.tell(report.Figure{Name: "joins/s"}, all.rate(all.Done))
		s.detail("until welcome, p50", "ms", ms(all.Answer.Percentile(50)))
		s.detail("until welcome, p99", "ms", ms(all.Answer.Percentile(99)))
		s.detail("client busy", "%", percent(all.spent.client, all.Elapsed))
		return nil
	})
}

// storm measures what it costs when all sockets are lost and come back at once.
func (t *trial) storm(ctx context.Context) error {
	return t.on(ctx, settings{}, func(s *stage) error {
		place, err := s.settle(ctx, s.o.crowd/roomSize, roomSize)
		if err != nil {
			return err
		}
		dials := place.dials(chatPath)
		if _, err := s.open(ctx, dials); err != nil {
			return err
		}
		if _, err := s.swarm.Each(ctx, s.typing(roomSize-1)); err != nil { // all are at rest, none is half open
			return err
		}
		profiled := s.profiled(ctx, "", s.o.duration)
		before, err := s.spent()
		if err != nil {
			return err
		}
		s.swarm.Drop()
		back, err := s.swarm.Open(ctx, dials, len(dials))
		if err != nil {
			return err
		}
		// What the welcomes left to do is done when something else has come through.
		barrier := s.typing(roomSize - 1)
		barrier.Senders = []int{len(dials) - 1}
		if _, err := s.swarm.Each(ctx, barrier); err != nil {
			return err
		}
		after, err := s.spent()
		if err != nil {
			return err
		}
		through, err := s.swarm.Each(ctx, s.typing(roomSize-1))
		if err != nil {
			return err
		}
		if err := profiled(); err != nil {
			return err
		}
		m := measured{Result: back, spent: after.since(before)}
		s.tell(report.Figure{Name: "CPU until all are back", Unit: "ms", Target: report.AtMost(500)}, ms(m.spent.server), m.notes()...)
		s.tell(report.Figure{Name: "until all are welcomed", Unit: "s", Target: report.AtMost(1)}, back.Elapsed.Seconds())
		s.tell(report.Figure{Name: "welcomed"}, float64(back.Done))
		s.tell(report.Figure{Name: "messages delivered after"}, float64(through.Delivery.Count()))
		s.detail("client busy", "%", percent(m.spent.client, m.Elapsed))
		return nil
	})
}
