package main

import (
	"context"
	"fmt"

	"parley/loadtest/bench/swarm"
	"parley/protocol"
)

// everywhere is the path of multiplexed sockets.
const everywhere = "/ws/"

// village is users of multiplexed sockets: each has one, and is with nine
// neighbors in rooms of their own.
type village struct{ towns []town }

// found makes users for half of the crowd.
func (s *stage) found(ctx context.Context, rooms int) (v village, err error) {
	v.towns = make([]town, max(s.o.crowd/2/roomSize, 1))
	for i := range v.towns {
		if v.towns[i], err = s.settle(ctx, rooms, roomSize); err != nil {
			return v, err
		}
	}
	return v, nil
}

func (v village) dials() (all []swarm.Dial) {
	for _, t := range v.towns {
		for _, u := range t.users {
			all = append(all, swarm.Dial{Path: everywhere, Token: u.token})
		}
	}
	return all
}

// chats are dials to a chat for each user, in the first of their rooms: what a
// multiplexed socket with one subscription is to be compared with.
func (v village) chats() []swarm.Dial {
	all := v.dials()
	for i := range all {
		all[i].Path = fmt.Sprintf(chatPath, v.towns[i/roomSize].rooms[0])
	}
	return all
}

// subscribe is a load in which each socket subscribes to the nth of its rooms.
func (v village) subscribe(nth int) swarm.Load {
	return swarm.Load{Answers: 1, Outstanding: joinsAtOnce, Frame: func(place int, _ uint32) *swarm.Template {
		return subscribeFrame(v.towns[place/roomSize].rooms[nth])
	}}
}

func subscribeFrame(room int64) *swarm.Template {
	return template(protocol.TypeSubscribe, swarm.Stamp, struct {
		RoomID  int64            `json:"room_id"`
		Channel protocol.Channel `json:"channel"`
	}{room, protocol.ChannelChat})
}

// multiplexed measures sockets for everything: of users without rooms, of users
// with rooms, which the user-wide channel knows, and with subscriptions to these.
func (s *stage) multiplexed(ctx context.Context) error {
	hermits, err := s.found(ctx, 0)
	if err != nil {
		return err
	}
	villagers, err := s.found(ctx, sessionRooms)
	if err != nil {
		return err
	}
	for _, c := range []struct {
		name string
		who  village
		subs int
	}{
		{"/ws/ socket, user of no room", hermits, 0},
		{fmt.Sprintf("/ws/ socket, user of %d rooms", sessionRooms), villagers, 0},
		{"the same, 1 subscription", villagers, 1},
		{fmt.Sprintf("the same, %d subscriptions", sessionRooms), villagers, sessionRooms},
	} {
		if err := s.restEverywhere(ctx, c.name, c.who, c.who.dials(), c.subs); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return s.restEverywhere(ctx, "a room socket of such a user instead", villagers, villagers.chats(), 0)
}

func (s *stage) restEverywhere(ctx context.Context, name string, v village, dials []swarm.Dial, subs int) error {
	if err := s.restart(ctx); err != nil {
		return err
	}
	return s.growth(ctx, name+", ", len(dials), nil, func(n int) error {
		if _, err := s.open(ctx, dials[:n]); err != nil {
			return err
		}
		for nth := range subs {
			if _, err := s.swarm.Each(ctx, v.subscribe(nth)); err != nil {
				return err
			}
		}
		if n < len(dials) { // only to get warm
			return s.swarm.Leave(ctx)
		}
		return s.calm(ctx)
	})
}
