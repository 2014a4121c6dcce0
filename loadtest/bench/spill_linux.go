package main

import (
	"context"
	"fmt"

	"parley/loadtest/bench/report"
	"parley/loadtest/bench/swarm"
)

const (
	// spillMessages is how many messages are under way in the one room.
	spillMessages = 4
	// spillUsers is how many users share the sockets of the room.
	spillUsers = 1000
)

// spill measures deliveries in one room of all sockets, on one shard and on two.
func (t *trial) spill(ctx context.Context) error {
	for _, shards := range []int{1, 2} {
		if err := t.oneRoom(ctx, shards); err != nil {
			return err
		}
	}
	return nil
}

func (t *trial) oneRoom(ctx context.Context, shards int) error {
	return t.on(ctx, settings{shards: shards}, func(s *stage) error {
		users := min(spillUsers, s.o.crowd/roomSize)
		place, err := s.settle(ctx, 1, users)
		if err != nil {
			return err
		}
		var dials []swarm.Dial
		for len(dials) < s.o.crowd {
			dials = append(dials, place.dials(chatPath)...)
		}
		if _, err := s.open(ctx, dials); err != nil {
			return err
		}
		load := s.typing(len(dials) - len(dials)/users) // not to those of its own user
		load.Outstanding = spillMessages
		name := fmt.Sprintf("%d shards", shards)
		if shards == 1 {
			name = "1 shard"
		}
		all, err := s.sustain(ctx, name, load)
		if err != nil {
			return err
		}
		m := all[0]
		s.tell(report.Figure{Name: name + ", deliveries/s"}, m.rate(m.Delivery.Count()), m.notes()...)
		s.tell(report.Figure{Name: name + ", CPU a delivery", Unit: "µs"}, m.each(m.Delivery.Count()))
		s.tell(report.Figure{Name: name + ", longest delivery", Unit: "ms"}, ms(m.Delivery.Percentile(100)))
		s.circumstances(name, m)
		return nil
	})
}
