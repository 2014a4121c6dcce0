package main

import (
	"context"

	"parley/loadtest/bench/report"
	"parley/loadtest/bench/swarm"
)

// commitToDelivery is the server's own measure of what a stored message waits for
// after it is committed.
const commitToDelivery = "parley_chat_commit_to_delivery_seconds"

// chat measures messages that are stored before they are delivered.
func (t *trial) chat(ctx context.Context) error {
	return t.on(ctx, settings{}, func(s *stage) error {
		place, err := s.settle(ctx, s.o.sockets/roomSize, roomSize)
		if err != nil {
			return err
		}
		if _, err := s.open(ctx, place.dials(chatPath)); err != nil {
			return err
		}
		load := swarm.Load{
			Frame: same(chatFrame(chatChars, true)), Answers: 1, Deliveries: roomSize, Outstanding: s.o.stored,
		}
		before, err := s.server.admin.histogram(ctx, commitToDelivery)
		if err != nil {
			return err
		}
		all, err := s.sustain(ctx, "", load)
		if err != nil {
			return err
		}
		after, err := s.server.admin.histogram(ctx, commitToDelivery)
		if err != nil {
			return err
		}
		s.stored(all[0], after.since(before))
		load.Outstanding = 1
		if all, err = s.sustain(ctx, "one at a time", load); err != nil {
			return err
		}
		s.detail("one at a time, ack p50", "ms", ms(all[0].Answer.Percentile(50)))
		s.detail("one at a time, ack p99", "ms", ms(all[0].Answer.Percentile(99)))
		return nil
	})
}

func (s *stage) stored(m measured, waited histogram) {
	notes := m.notes()
	if waited.count() == 0 {
		notes = append(notes, "the server does not tell commit to delivery")
	}
	s.tell(report.Figure{Name: "stored/s", Target: report.AtLeast(20_000)}, m.rate(m.Done), notes...)
	s.tell(report.Figure{Name: "CPU a message", Unit: "µs"}, m.each(m.Done))
	s.tell(report.Figure{Name: "commit to delivery, p99", Unit: "ms", Target: report.AtMost(10)}, waited.quantile(0.99)*1000)
	s.tell(report.Figure{Name: "ack p99", Unit: "ms"}, ms(m.Answer.Percentile(99)))
	s.detail("ack p50", "ms", ms(m.Answer.Percentile(50)))
	s.detail("server's observations", "", waited.count())
	s.circumstances("stored", m)
}
