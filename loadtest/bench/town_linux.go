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

// restAtOnce is how many REST requests are under way while users and rooms are
// made: the store commits them together.
const restAtOnce = 32

// town is users and rooms in which all of them sit. They are few, since the same
// ones meet in every room.
type town struct {
	users []resident
	rooms []int64
}

type resident struct {
	id    int64
	token string
}

// settle makes so many rooms of so many users.
func (s *stage) settle(ctx context.Context, rooms, users int) (town, error) {
	if s.subject.floor != "" {
		s.imagined += rooms
		return imagined(s.imagined-rooms, rooms, users), nil
	}
	scheme := "http://"
	if s.settings.secure {
		scheme = "https://"
	}
	return build(ctx, client.Server{Base: scheme + s.server.addr.String(), HTTP: s.settings.client(s.http)}, rooms, users)
}

// imagined is a town for the floor, which lets everyone in everywhere, beside so
// many rooms that were imagined before.
func imagined(before, rooms, users int) town {
	t := town{users: make([]resident, users), rooms: make([]int64, rooms)}
	for i := range t.users {
		t.users[i].id = int64(i + 1)
	}
	for i := range t.rooms {
		t.rooms[i] = int64(before + i + 1)
	}
	return t
}

func build(ctx context.Context, server client.Server, rooms, users int) (town, error) {
	t := town{users: make([]resident, users), rooms: make([]int64, rooms)}
	people := make([]*client.User, users)
	tag := strings.ToLower(rand.Text()[:8])
	err := together(ctx, users, func(ctx context.Context, i int) (err error) {
		if people[i], err = server.Register(ctx, fmt.Sprintf("b%s%d", tag, i), rand.Text()); err != nil {
			return fmt.Errorf("sign up: %w", err)
		}
		t.users[i] = resident{people[i].Account.ID, people[i].Token}
		return nil
	})
	if err != nil {
		return t, err
	}
	err = together(ctx, rooms, func(ctx context.Context, i int) error {
		r, err := people[0].CreateRoom(ctx, "bench")
		if err != nil {
			return fmt.Errorf("create a room: %w", err)
		}
		t.rooms[i] = r.ID
		return nil
	})
	if err != nil {
		return t, err
	}
	return t, together(ctx, rooms*(users-1), func(ctx context.Context, i int) error {
		if err := people[1+i/rooms].JoinRoom(ctx, t.rooms[i%rooms]); err != nil {
			return fmt.Errorf("join a room: %w", err)
		}
		return nil
	})
}

// together does n things, several at a time.
func together(ctx context.Context, n int, do func(ctx context.Context, i int) error) error {
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(restAtOnce)
	for i := range n {
		work.Go(func() error { return do(ctx, i) })
	}
	return work.Wait()
}

// Paths of sockets.
const (
	chatPath = "/ws/room/%d/"
	callPath = "/ws/call/%d/"
)

// dials are a socket of each user in each room. Neighbors are of different
// rooms, so that load in turn meets all rooms before it meets one again.
func (t town) dials(path string) []swarm.Dial {
	all := make([]swarm.Dial, 0, len(t.rooms)*len(t.users))
	for _, u := range t.users {
		for _, room := range t.rooms {
			all = append(all, swarm.Dial{Path: fmt.Sprintf(path, room), Token: u.token})
		}
	}
	return all
}
