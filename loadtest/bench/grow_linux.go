package main

import (
	"context"
	"fmt"
	"slices"

	"parley/loadtest/bench/report"
	"parley/loadtest/bench/swarm"
)

// growthRows are the rows that show how the cost of a delivery grows.
func growthRows(o options) []row {
	load := fmt.Sprintf("%s, %d bytes a message, not stored", o.underWay(), payloadBytes)
	return []row{
		{name: "sockets", about: fmt.Sprintf("all in rooms of %d, all sending; %s", roomSize, load), measure: (*trial).growSockets},
		{name: "rooms", about: fmt.Sprintf("%s sockets in rooms of %d send, beside rooms of as many that rest; %s", report.Count(o.sockets), roomSize, load), measure: (*trial).growRooms},
		{name: "room size", about: fmt.Sprintf("%s sockets; %s", report.Count(o.sockets), load), measure: (*trial).growSize},
		{name: "cores", about: fmt.Sprintf("%s sockets in rooms of %d, a shard on each core; with two the client shares one; %s", report.Count(o.sockets), roomSize, load), measure: (*trial).growCores},
	}
}

// upTo are the steps that are not too large; the limit itself if all are.
func upTo(limit int, steps ...int) []int {
	steps = slices.DeleteFunc(steps, func(n int) bool { return n > limit })
	if len(steps) == 0 {
		return []int{limit}
	}
	return steps
}

func (t *trial) growSockets(ctx context.Context) error {
	for _, n := range upTo(t.o.crowd, 100, 1000, 5000, 10_000) {
		err := t.on(ctx, settings{}, func(s *stage) error {
			return s.step(ctx, report.Count(n)+" sockets", n, roomSize)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *trial) growSize(ctx context.Context) error {
	return t.on(ctx, settings{}, func(s *stage) error {
		for _, size := range upTo(s.o.sockets, 2, 5, 10, 20, 50, 100, 200, 500, 1000) {
			if s.o.sockets%size != 0 {
				continue
			}
			if err := s.step(ctx, fmt.Sprintf("rooms of %d", size), s.o.sockets, size); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t *trial) growCores(ctx context.Context) error {
	for _, shards := range []int{1, 2} {
		err := t.on(ctx, settings{shards: shards}, func(s *stage) error {
			return s.step(ctx, fmt.Sprintf("%d cores", shards), s.o.sockets, roomSize)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// step saturates rooms of one size.
func (s *stage) step(ctx context.Context, name string, sockets, size int) error {
	m, err := s.deliver(ctx, sockets, size)
	if err == nil {
		s.grown(name, m)
	}
	return err
}

func (s *stage) grown(name string, m measured) {
	s.tell(report.Figure{Name: name + ", CPU a delivery", Unit: "µs"}, m.each(m.Delivery.Count()), m.notes()...)
	s.tell(report.Figure{Name: name + ", deliveries/s"}, m.rate(m.Delivery.Count()))
	s.circumstances(name, m)
}

// growRooms has as many rooms send always, and ever more rest beside them.
func (t *trial) growRooms(ctx context.Context) error {
	return t.on(ctx, settings{}, func(s *stage) error {
		busy, err := s.settle(ctx, s.o.sockets/roomSize, roomSize)
		if err != nil {
			return err
		}
		if _, err := s.open(ctx, busy.dials(chatPath)); err != nil {
			return err
		}
		load := s.typing(roomSize - 1)
		load.Senders = make([]int, s.o.sockets)
		for i := range load.Senders {
			load.Senders[i] = i
		}
		resting := 0
		for _, rooms := range upTo(s.o.crowd/roomSize, 0, 100, 300, 900) {
			more, err := s.settle(ctx, rooms-resting, roomSize)
			if err != nil {
				return err
			}
			resting = rooms
			if err := s.beside(ctx, more.dials(chatPath), resting, load); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *stage) beside(ctx context.Context, resting []swarm.Dial, rooms int, load swarm.Load) error {
	if _, err := s.open(ctx, resting); err != nil {
		return err
	}
	name := fmt.Sprintf("%d rooms at rest", rooms)
	all, err := s.sustain(ctx, name, load)
	if err != nil {
		return err
	}
	s.grown(name, all[0])
	return nil
}
