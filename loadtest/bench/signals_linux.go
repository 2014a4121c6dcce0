package main

import (
	"context"

	"parley/loadtest/bench/report"
	"parley/loadtest/bench/swarm"
)

// mixture is how many signals of the mix there are to one with SDP: an offer or
// an answer brings some nine candidates.
const mixture = 10

// signalKind is what peers tell each other.
type signalKind struct {
	name  string
	every int // one in so many is an offer, and the others are candidates
}

func signalKinds() []signalKind {
	return []signalKind{{name: "mix", every: mixture}, {name: "SDP", every: 1}, {name: "candidates"}}
}

// signals measures what it costs to relay between the peers of calls.
func (t *trial) signals(ctx context.Context) error {
	return t.on(ctx, settings{}, func(s *stage) error {
		place, err := s.settle(ctx, s.o.sockets/2, 2)
		if err != nil {
			return err
		}
		if _, err := s.open(ctx, place.dials(callPath)); err != nil {
			return err
		}
		if s.subject.floor != "" { // it relays, and acknowledges nothing
			return s.relay(ctx, place, signalKinds()[0], false)
		}
		join := swarm.Load{Frame: same(joinFrame()), Answers: 1, Outstanding: joinsAtOnce}
		if _, err := s.swarm.Each(ctx, join); err != nil {
			return err
		}
		for _, kind := range signalKinds() {
			for _, ack := range []bool{false, true} {
				if err := s.relay(ctx, place, kind, ack); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// relay measures one kind of signals.
func (s *stage) relay(ctx context.Context, place town, kind signalKind, ack bool) error {
	load := kind.load(place, ack)
	load.Outstanding = s.o.frames(1)
	name := kind.name + ", no ack"
	if ack {
		name = kind.name + ", each with an ack"
	}
	all, err := s.sustain(ctx, name, load)
	if err != nil {
		return err
	}
	m := all[0]
	cpu := report.Figure{Name: name + ", CPU a signal", Unit: "µs"}
	rate := report.Figure{Name: name + ", signals/s"}
	if kind.every == mixture {
		cpu.Target, rate.Target = report.AtMost(7), report.AtLeast(140_000)
	}
	s.tell(cpu, m.each(m.Delivery.Count()), m.notes()...)
	s.tell(rate, m.rate(m.Delivery.Count()))
	s.circumstances(name, m)
	return nil
}

// load is signals from each peer to the other of its call.
func (k signalKind) load(place town, ack bool) swarm.Load {
	first, second := place.users[0].id, place.users[1].id
	toFirst := [2]*swarm.Template{offerFrame(first, ack), candidateFrame(first, ack)}
	toSecond := [2]*swarm.Template{offerFrame(second, ack), candidateFrame(second, ack)}
	load := swarm.Load{Deliveries: 1, Frame: func(sender int, turn uint32) *swarm.Template {
		which := 1
		if k.every > 0 && int(turn)%k.every == 0 {
			which = 0
		}
		if sender < len(place.rooms) { // the first user's sockets come first
			return toSecond[which]
		}
		return toFirst[which]
	}}
	if ack {
		load.Answers = 1
	}
	return load
}
