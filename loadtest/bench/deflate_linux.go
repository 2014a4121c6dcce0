package main

import (
	"context"

	"parley/loadtest/bench/report"
	"parley/loadtest/bench/swarm"
)

// deflateChars is the length of the messages that are worth compressing.
const deflateChars = 1000

// deflate measures what compression costs and what it saves, at one rate.
func (t *trial) deflate(ctx context.Context) error {
	return t.on(ctx, settings{env: []string{t.o.deflate}}, func(s *stage) error {
		place, err := s.settle(ctx, s.o.sockets/roomSize, roomSize)
		if err != nil {
			return err
		}
		for _, packed := range []bool{false, true} {
			dials := place.dials(chatPath)
			for i := range dials {
				dials[i].Deflate = packed
			}
			if _, err := s.open(ctx, dials); err != nil {
				return err
			}
			if err := s.packed(ctx, packed); err != nil {
				return err
			}
			if err := s.swarm.Leave(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *stage) packed(ctx context.Context, packed bool) error {
	load := swarm.Load{
		Frame: same(chatFrame(deflateChars, false)), Deliveries: roomSize,
		Pace: s.o.pace / roomSize, Outstanding: pacedMost,
	}
	name := "off"
	if packed {
		name = "on"
		agreed := float64(s.swarm.Counts().Deflated)
		if agreed == 0 {
			s.tell(report.Figure{Name: "sockets that agreed"}, 0, "the server does not offer permessage-deflate")
			return nil
		}
		s.tell(report.Figure{Name: "sockets that agreed"}, agreed)
	}
	all, err := s.sustain(ctx, name, load)
	if err != nil {
		return err
	}
	m := all[0]
	s.tell(report.Figure{Name: name + ", CPU a delivery", Unit: "µs"}, m.each(m.Delivery.Count()), m.notes()...)
	s.tell(report.Figure{Name: name + ", received a delivery", Unit: "B"}, float64(m.received)/float64(m.Delivery.Count()))
	s.circumstances(name, m)
	return nil
}
