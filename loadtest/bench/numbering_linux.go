package main

import (
	"context"

	"parley/loadtest/bench/report"
	"parley/loadtest/bench/swarm"
)

const (
	// receivedEvery is after how many frames a client says that it has them.
	receivedEvery = 50
	// numberingTurns is how often both ways are measured, the order turning.
	numberingTurns = 4
)

// way is calls of which all sockets are numbered in the same way.
type way struct {
	name string
	load swarm.Load
	all  measured
}

// numbering measures what it costs to relay to clients of whom the server keeps
// what they have not said that they received, beside clients who say nothing.
func (t *trial) numbering(ctx context.Context) error {
	return t.on(ctx, settings{}, func(s *stage) error {
		ways := make([]*way, 2)
		for i, name := range []string{"no ack", "ack=1"} {
			place, err := s.settle(ctx, s.o.sockets/2, 2)
			if err != nil {
				return err
			}
			dials := place.dials(callPath)
			if i == 0 {
				if lasts, err := s.lasts(ctx, dials[0]); !lasts {
					return err
				}
			} else {
				dials = acknowledging(dials, receivedEvery)
			}
			if _, err := s.open(ctx, dials); err != nil {
				return err
			}
			ways[i] = &way{name: name, load: s.mix(place, i*len(dials))}
		}
		join := swarm.Load{Frame: same(joinFrame()), Answers: 1, Outstanding: joinsAtOnce}
		if _, err := s.swarm.Each(ctx, join); err != nil {
			return err
		}
		for turn := range numberingTurns {
			for i := range ways {
				if err := s.take(ctx, ways[(turn+i)%2]); err != nil {
					return err
				}
			}
		}
		s.numbered(ways)
		return nil
	})
}

// mix is the mix of signals among the calls of a town, whose sockets have the
// places from first on.
func (s *stage) mix(place town, first int) swarm.Load {
	load := signalKinds()[0].load(place, false)
	load.Outstanding = s.o.frames(1)
	frame := load.Frame
	load.Frame = func(sender int, turn uint32) *swarm.Template { return frame(sender-first, turn) }
	for i := range len(place.rooms) * len(place.users) {
		load.Senders = append(load.Senders, first+i)
	}
	return load
}

// take measures one way once more.
func (s *stage) take(ctx context.Context, w *way) error {
	all, err := s.sustain(ctx, w.name, w.load)
	if err != nil {
		return err
	}
	w.all = w.all.plus(all[0])
	return nil
}

// plus is two measurements of the same taken together.
func (m measured) plus(more measured) measured {
	if m.Elapsed == 0 {
		return more
	}
	m.spent, m.received = m.spent.plus(more.spent), m.received+more.received
	m.Elapsed, m.Done = m.Elapsed+more.Elapsed, m.Done+more.Done
	m.Answer.Merge(more.Answer)
	m.Delivery.Merge(more.Delivery)
	return m
}

func (s *stage) numbered(ways []*way) {
	for _, w := range ways {
		m := w.all
		s.tell(report.Figure{Name: w.name + ", CPU a signal", Unit: "µs"}, m.each(m.Delivery.Count()), m.notes()...)
		s.tell(report.Figure{Name: w.name + ", signals/s"}, m.rate(m.Delivery.Count()))
		s.circumstances(w.name, m)
	}
	plain, kept := ways[0].all, ways[1].all
	s.tell(report.Figure{Name: "CPU, times that without ack", Target: report.AtMost(1.1)},
		kept.each(kept.Delivery.Count())/plain.each(plain.Delivery.Count()))
}
