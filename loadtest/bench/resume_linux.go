package main

import (
	"context"
	"fmt"

	"parley/loadtest/bench/report"
	"parley/loadtest/bench/swarm"
)

// resume measures what it costs when sockets are cut and return at once: as new
// sessions of clients that know of none, and to those that they had.
func (t *trial) resume(ctx context.Context) error {
	for _, a := range []absence{{name: "fresh"}, {name: "resumed", resumed: true}} {
		err := t.on(ctx, settings{}, func(s *stage) error { return s.absent(ctx, a) })
		if err != nil {
			return fmt.Errorf("%s: %w", a.name, err)
		}
	}
	return nil
}

// absence is how those return whose sockets are cut: all but one of each room,
// who goes on.
type absence struct {
	name    string
	resumed bool
	away    int // sockets
}

func (s *stage) absent(ctx context.Context, a absence) error {
	rooms := max(s.o.crowd/2/roomSize, 1)
	place, err := s.settle(ctx, rooms, roomSize+1)
	if err != nil {
		return err
	}
	dials := place.dials(chatPath)
	if a.resumed {
		if lasts, err := s.lasts(ctx, dials[0]); !lasts {
			return err
		}
		dials = acknowledging(dials, 0)
	}
	if _, err := s.open(ctx, dials); err != nil {
		return err
	}
	if _, err := s.swarm.Each(ctx, s.typing(roomSize)); err != nil { // all are at rest, none is half open
		return err
	}
	if err := s.calm(ctx); err != nil {
		return err
	}
	a.away = rooms * roomSize // the last user's sockets, behind them, stay
	return s.comeBack(ctx, a, dials)
}

// comeBack cuts the sockets, has who stays say something in each room, and the
// others return.
func (s *stage) comeBack(ctx context.Context, a absence, dials []swarm.Dial) error {
	said := swarm.Load{Frame: same(answeredTypingFrame()), Answers: 1, Outstanding: len(dials) - a.away}
	if a.resumed {
		said.Deliveries = roomSize
	}
	for i := a.away; i < len(dials); i++ {
		said.Senders = append(said.Senders, i)
	}
	profiled := s.profiled(ctx, a.name, s.o.duration)
	before, err := s.spent()
	if err != nil {
		return err
	}
	tokens, resumed := s.swarm.Cut(a.away), s.swarm.Counts().Resumed
	var back swarm.Result
	waited, err := s.swarm.Meanwhile(ctx, said, func() (err error) {
		if !a.resumed {
			tokens = dials[:a.away]
		}
		if back, err = s.swarm.Open(ctx, tokens, len(tokens)); err != nil {
			return err
		}
		resumed = s.swarm.Counts().Resumed - resumed
		if a.resumed && resumed != int64(a.away) {
			return fmt.Errorf("%d of %d sessions were resumed", resumed, a.away)
		}
		return nil
	})
	if err != nil {
		return err
	}
	after, err := s.through(ctx, a, len(dials))
	if err != nil {
		return err
	}
	if err := profiled(); err != nil {
		return err
	}
	s.returned(a, measured{Result: back, spent: after.since(before)}, resumed, waited.Delivery.Count())
	return nil
}

// through returns what was spent until something else comes through, and has all
// who are there send, which all must receive. Those who returned have the places
// behind the first sockets.
func (s *stage) through(ctx context.Context, a absence, first int) (usage, error) {
	all := s.typing(roomSize)
	all.Senders = []int{first - 1}
	if _, err := s.swarm.Each(ctx, all); err != nil {
		return usage{}, err
	}
	after, err := s.spent()
	if err != nil {
		return after, err
	}
	all.Senders = nil
	for i := a.away; i < first+a.away; i++ {
		all.Senders = append(all.Senders, i)
	}
	_, err = s.swarm.Each(ctx, all)
	return after, err
}

func (s *stage) returned(a absence, m measured, resumed, delivered int64) {
	s.tell(report.Figure{Name: a.name + ", CPU until all are back", Unit: "ms"}, ms(m.spent.server), m.notes()...)
	s.tell(report.Figure{Name: a.name + ", until all are welcomed", Unit: "s"}, m.Elapsed.Seconds())
	s.detail(a.name+", welcomed", "", float64(m.Done))
	s.detail(a.name+", until welcome, p50", "ms", ms(m.Answer.Percentile(50)))
	s.detail(a.name+", until welcome, p99", "ms", ms(m.Answer.Percentile(99)))
	s.detail(a.name+", client busy", "%", percent(m.spent.client, m.Elapsed))
	if a.resumed {
		s.tell(report.Figure{Name: "sessions that were resumed"}, float64(resumed))
		s.tell(report.Figure{Name: "frames lost", Target: report.AtMost(0)}, float64(int64(a.away)-delivered))
	}
}
