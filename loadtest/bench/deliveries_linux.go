package main

import (
	"context"
	"fmt"

	"parley/loadtest/bench/floor"
	"parley/loadtest/bench/report"
)

// saturated measures deliveries with always as much under way, in rooms of each
// size.
func (t *trial) saturated(ctx context.Context) error {
	set := settings{}
	if t.o.messages { // may be more than a socket's queue holds by default
		set.env = []string{"PARLEY_LIMITS_OUTBOUND_BYTES=0"}
	}
	return t.on(ctx, set, func(s *stage) error {
		for _, size := range s.o.rooms {
			m, err := s.deliver(ctx, s.o.sockets, size)
			if err != nil {
				return err
			}
			name := fmt.Sprintf("rooms of %d", size)
			cpu, rate := saturatedTargets(size)
			s.tell(report.Figure{Name: name + ", CPU a delivery", Unit: "µs", Target: cpu}, m.each(m.Delivery.Count()), m.notes()...)
			s.tell(report.Figure{Name: name + ", deliveries/s", Target: rate}, m.rate(m.Delivery.Count()))
			s.detail(name+", messages under way", "", float64(s.o.frames(size-1)))
			s.circumstances(name, m)
		}
		return nil
	})
}

// deliver opens so many sockets in rooms of one size, saturates them, and has
// them leave.
func (s *stage) deliver(ctx context.Context, sockets, size int) (measured, error) {
	place, err := s.settle(ctx, sockets/size, size)
	if err != nil {
		return measured{}, err
	}
	if _, err := s.open(ctx, place.dials(chatPath)); err != nil {
		return measured{}, err
	}
	m, err := s.sustain(ctx, fmt.Sprintf("%d sockets, rooms of %d", sockets, size), s.typing(size-1))
	if err != nil {
		return measured{}, fmt.Errorf("rooms of %d: %w", size, err)
	}
	return m[0], s.swarm.Leave(ctx)
}

// saturatedTargets are those of rooms of a size. A room of two pays for reading a
// frame with every delivery, and so has no target of a rate.
func saturatedTargets(size int) (cpu, rate *report.Target) {
	switch size {
	case 2:
		return report.AtMost(4.5), nil
	case 10:
		return report.AtMost(2.5), report.AtLeast(400_000)
	case 100, 1000:
		return report.AtMost(2), report.AtLeast(400_000)
	}
	return nil, nil
}

const pacedTail = "delivery p99"

// paced measures deliveries at a rate that leaves the server idle in between.
func (t *trial) paced(ctx context.Context) error {
	return t.on(ctx, settings{}, func(s *stage) error {
		place, err := s.settle(ctx, s.o.sockets/roomSize, roomSize)
		if err != nil {
			return err
		}
		if _, err := s.open(ctx, place.dials(chatPath)); err != nil {
			return err
		}
		load := s.typing(roomSize - 1)
		load.Pace, load.Outstanding = s.o.pace/(roomSize-1), pacedMost
		all, err := s.sustain(ctx, "", load)
		if err != nil {
			return err
		}
		m := all[0]
		s.tell(report.Figure{Name: "CPU a delivery", Unit: "µs", Target: report.AtMost(12.5)}, m.each(m.Delivery.Count()), m.notes()...)
		s.tell(report.Figure{Name: "delivery p50", Unit: "ms"}, ms(m.Delivery.Percentile(50)))
		s.tell(report.Figure{Name: pacedTail, Unit: "ms"}, ms(m.Delivery.Percentile(99)))
		s.detail("deliveries/s", "", m.rate(m.Delivery.Count()))
		s.detail("client busy", "%", percent(m.spent.client, m.Elapsed))
		return nil
	})
}

// pacedMost is how many frames of a paced load may be under way before the server
// counts as too slow for it.
const pacedMost = 1 << 14

// pacedAgainstFloor adds how many times the floor's tail the server's is, in one
// run.
func pacedAgainstFloor(r *report.Report, nth int) {
	own, ok := r.Run(rowPaced, pacedTail, subjectNow, nth)
	least, found := r.Run(rowPaced, pacedTail, floorName(floor.Coalesced), nth)
	if ok && found && least > 0 {
		r.Add(report.Figure{Row: rowPaced, Name: "p99, times the floor's", Subject: subjectNow, Target: report.AtMost(1.5)}, own/least)
	}
}
