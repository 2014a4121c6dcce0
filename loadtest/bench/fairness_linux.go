package main

import (
	"context"
	"slices"

	"parley/loadtest/bench/report"
	"parley/loadtest/bench/swarm"
)

const (
	// quietShare is which part of -pace quiet rooms have.
	quietShare = 5
	// sip is how many bytes the client reads from a socket of the flood before it
	// looks at others: some 20 frames, so that it is not the client that is unfair.
	sip = 4 << 10
)

// flood is who floods.
type flood struct {
	name    string
	senders func(first int) []int // places, where the flooded room begins with first
}

func floods() []flood {
	return []flood{
		{"a room floods", func(first int) []int {
			all := make([]int, roomSize)
			for i := range all {
				all[i] = first + i
			}
			return all
		}},
		{"a socket floods", func(first int) []int { return []int{first} }},
	}
}

// fairness measures how long messages of quiet rooms take, alone and beside a
// flood on the same shard.
func (t *trial) fairness(ctx context.Context) error {
	return t.on(ctx, settings{}, func(s *stage) error {
		quiet, err := s.settle(ctx, s.o.sockets/roomSize, roomSize)
		if err != nil {
			return err
		}
		flooded, err := s.settle(ctx, 1, roomSize)
		if err != nil {
			return err
		}
		dials := quiet.dials(chatPath)
		if _, err := s.open(ctx, slices.Concat(dials, flooded.dials(chatPath))); err != nil {
			return err
		}
		s.swarm.LimitReads(sip)
		calm := s.typing(roomSize - 1)
		calm.Pace, calm.Outstanding = s.o.pace/quietShare/(roomSize-1), pacedMost
		calm.Senders = make([]int, len(dials))
		for i := range calm.Senders {
			calm.Senders[i] = i
		}
		alone, err := s.quiet(ctx, "alone", calm)
		if err != nil {
			return err
		}
		for _, f := range floods() {
			wild := s.typing(roomSize - 1)
			wild.Senders = f.senders(len(dials))
			beside, err := s.quiet(ctx, f.name, calm, wild)
			if err != nil {
				return err
			}
			s.tell(report.Figure{Name: f.name + ", times the p99 alone", Target: report.AtMost(3)}, beside/alone)
		}
		return nil
	})
}

// quiet measures the first of the loads, of which the others are beside, and
// returns its p99 in ms.
func (s *stage) quiet(ctx context.Context, name string, loads ...swarm.Load) (float64, error) {
	all, err := s.sustain(ctx, name, loads...)
	if err != nil {
		return 0, err
	}
	m := all[0]
	p99 := ms(m.Delivery.Percentile(99))
	s.tell(report.Figure{Name: name + ", delivery p99", Unit: "ms"}, p99, m.notes()...)
	s.detail(name+", delivery p50", "ms", ms(m.Delivery.Percentile(50)))
	s.detail(name+", client busy", "%", percent(m.spent.client, m.Elapsed))
	for _, beside := range all[1:] {
		s.detail(name+", its deliveries/s", "", beside.rate(beside.Delivery.Count()))
	}
	return p99, nil
}
