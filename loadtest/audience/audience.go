package audience

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/loadtest/client"
	"parley/loadtest/crowd"
	"parley/loadtest/measure"
	"parley/loadtest/pause"
	"parley/loadtest/target"
)

// Options say who listens.
type Options struct {
	Sockets     int
	Users       int          // whose sockets they are
	RoomSize    int          // sockets of a room, all of one user
	Multiplexed bool         // sockets of /ws/, in no room
	OpenRate    float64      // sockets a second; 0: as fast as the server lets them in
	AtOnce      int          // sockets that may be opening
	Sources     []netip.Addr // local addresses to come from
	Plain       bool         // sockets of a goroutine each
}

// Defaults are an audience of a thousand.
func Defaults() Options { return Options{Sockets: 1000, Users: 20, RoomSize: 10, AtOnce: 128} }

// Validate finds what cannot be.
func (o Options) Validate() error {
	if o.Sockets < 1 || o.Users < 1 || o.RoomSize < 1 || o.AtOnce < 1 {
		return errors.New("audience: want one or more of sockets, users, sockets in a room, and sockets at once")
	}
	return nil
}

// Audience is an audience.
type Audience struct {
	// static
	options Options
	record  *record
	crowd   *crowd.Crowd
	door    *crowd.Door
	guests  []*guest

	entered  atomic.Int64 // first attempts that came to an end
	answered atomic.Int64 // pongs since Ask
}

// New makes users, rooms and an audience outside of them.
func New(ctx context.Context, t *target.Target, r *measure.Recorder, o Options) (*Audience, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	users, err := t.Users(ctx, min(o.Users, o.Sockets), r)
	if err != nil {
		return nil, err
	}
	a := &Audience{options: o, door: crowd.NewDoor(o.AtOnce, o.OpenRate)}
	paths, err := a.paths(ctx, t, users, r)
	if err != nil {
		return nil, err
	}
	a.record = newRecord(r)
	if a.crowd, err = crowd.New(ctx, crowd.Config{URLs: t.URLs(), Sources: o.Sources, Plain: o.Plain}); err != nil {
		return nil, err
	}
	for i := range o.Sockets {
		room := i / o.RoomSize
		g := &guest{audience: a}
		g.session = a.crowd.NewSession(crowd.Pass{Dial: crowd.Dial{
			Base: t.Server().Base, Path: paths[room], Token: users[room%len(users)].Token,
		}}, g)
		a.guests = append(a.guests, g)
	}
	return a, nil
}

// roomsAtATime is how many rooms are made at a time.
const roomsAtATime = 8

// paths are where the sockets of each room open.
func (a *Audience) paths(ctx context.Context, t *target.Target, users []*client.User, r *measure.Recorder) ([]string, error) {
	paths := make([]string, (a.options.Sockets+a.options.RoomSize-1)/a.options.RoomSize)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(roomsAtATime)
	for i := range paths {
		if a.options.Multiplexed {
			paths[i] = "/ws/"
			continue
		}
		group.Go(func() error {
			room, err := t.Room(ctx, users[i%len(users):][:1], r)
			paths[i] = fmt.Sprintf("/ws/room/%d/", room.ID)
			return err
		})
	}
	return paths, group.Wait()
}

// Enter opens all sockets, and returns when each has opened or has failed to. It is
// false if ctx ended before.
func (a *Audience) Enter(ctx context.Context) bool {
	for _, g := range a.guests {
		asked, err := a.door.Enter(ctx)
		if err != nil {
			return false
		}
		g.session.Open(asked)
	}
	return pause.Poll(ctx, func() bool { return a.entered.Load() == int64(len(a.guests)) }) == nil
}

// Here is how many sockets are open and welcomed.
func (a *Audience) Here() int { return a.record.Open() }

// Drop loses all sockets at once; each comes back after a pause up to spread, the
// last after all of it. It returns how many there were.
func (a *Audience) Drop(spread time.Duration) int {
	var there []*guest
	for _, g := range a.guests {
		if g.present.Load() {
			there = append(there, g)
		}
	}
	dropped := 0
	for i, g := range there {
		if g.drop(spread * time.Duration(i+1) / time.Duration(len(there))) {
			dropped++
		}
	}
	return dropped
}

// Check asks over each socket whether the server is there, which a socket at rest
// cannot know, and waits for the answers. Those that are missing are failures.
func (a *Audience) Check(ctx context.Context, patience time.Duration) {
	a.answered.Store(0)
	asked := int64(0)
	for _, g := range a.guests {
		if g.ask() {
			asked++
		}
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	_ = pause.Poll(ctx, func() bool { return a.answered.Load() >= asked })
	for range asked - a.answered.Load() {
		a.record.alive.Fail("timeout", context.DeadlineExceeded)
	}
}

// Unheard counts sockets which the server should have pinged twice since it was
// last heard there, and has not.
func (a *Audience) Unheard(now time.Time) {
	for _, g := range a.guests {
		if g.unheard(now) {
			a.record.unheard.Add(1)
		}
	}
}

// Close has all leave in good order, and cuts who has not after a while.
func (a *Audience) Close() {
	a.crowd.Leave()
	a.crowd.Close()
	a.record.Close()
}
