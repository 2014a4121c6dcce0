package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"golang.org/x/sync/errgroup"

	"parley/loadtest/bench/swarm"
	"parley/loadtest/client"
)

// restAtOnce is how many REST requests are under way while rooms are made: the
// store commits them together.
const restAtOnce = 32

// population is the users and rooms of a run. Users are few, since signing up is
// slow by design: the same ones meet in every room.
type population struct {
	users []*client.User // as many as sit in a chat room
	chats []int64        // of all users
	calls []int64        // of the first two
}

func populate(ctx context.Context, server client.Server, o options) (population, error) {
	p := population{
		users: make([]*client.User, o.room),
		chats: make([]int64, o.sockets/o.room),
		calls: make([]int64, o.sockets/2),
	}
	tag := strings.ToLower(rand.Text()[:8])
	for i := range p.users {
		u, err := server.Register(ctx, fmt.Sprintf("bench_%s_%d", tag, i), rand.Text())
		if err != nil {
			return p, fmt.Errorf("sign up: %w", err)
		}
		p.users[i] = u
	}
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(restAtOnce)
	for i := range p.chats {
		work.Go(func() error { return p.furnish(ctx, &p.chats[i], o.room) })
	}
	for i := range p.calls {
		work.Go(func() error { return p.furnish(ctx, &p.calls[i], 2) })
	}
	return p, work.Wait()
}

// furnish makes a room with so many participants.
func (p population) furnish(ctx context.Context, id *int64, participants int) error {
	r, err := p.users[0].CreateRoom(ctx, "bench")
	if err != nil {
		return fmt.Errorf("create a room: %w", err)
	}
	for _, u := range p.users[1:participants] {
		if err := u.JoinRoom(ctx, r.ID); err != nil {
			return fmt.Errorf("join a room: %w", err)
		}
	}
	*id = r.ID
	return nil
}

// chatDials are the sockets of all chat rooms, one of each user. Neighbors are
// of different rooms, so that load in turn meets all rooms before it meets one
// again.
func (p population) chatDials() []swarm.Dial {
	return dials("/ws/room/%d/", p.chats, p.users)
}

// callDials are the sockets of all calls: the first half is of the first user.
func (p population) callDials() []swarm.Dial {
	return dials("/ws/call/%d/", p.calls, p.users[:2])
}

func dials(path string, rooms []int64, users []*client.User) []swarm.Dial {
	all := make([]swarm.Dial, 0, len(rooms)*len(users))
	for _, u := range users {
		for _, room := range rooms {
			all = append(all, swarm.Dial{Path: fmt.Sprintf(path, room), Token: u.Token})
		}
	}
	return all
}
