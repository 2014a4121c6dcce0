package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sys/unix"

	"parley/loadtest/bench/swarm"
	"parley/loadtest/client"
)

// bench is one run against one server.
type bench struct {
	// static
	o      options
	server *server
	swarm  *swarm.Swarm
	people population
}

func newBench(ctx context.Context, o options, s *server, hc *http.Client) (*bench, error) {
	people, err := populate(ctx, client.Server{Base: "http://" + s.addr.String(), HTTP: hc}, o)
	if err != nil {
		return nil, err
	}
	sw, err := swarm.New(s.addr)
	if err != nil {
		return nil, err
	}
	return &bench{o: o, server: s, swarm: sw, people: people}, nil
}

// measure runs all scenarios in their order.
func (b *bench) measure(ctx context.Context) (idle, []row, error) {
	i, handshakes, err := b.handshakes(ctx)
	if err != nil {
		return i, nil, fmt.Errorf("handshakes: %w", err)
	}
	rows := []row{handshakes}
	chat, typing := chatFrame(), typingFrame()
	for _, load := range []scenario{
		{"chat, stored", swarm.Load{Frame: same(chat), Answers: 1, Deliveries: b.o.room, Outstanding: b.o.outstanding}},
		{"chat, one at a time", swarm.Load{Frame: same(chat), Answers: 1, Deliveries: b.o.room, Outstanding: 1}},
		{"typing, not stored", swarm.Load{Frame: same(typing), Deliveries: b.o.room - 1, Outstanding: b.o.outstanding}},
	} {
		if rows, err = b.sustain(ctx, rows, load); err != nil {
			return i, rows, err
		}
	}
	if err := b.intoCalls(ctx); err != nil {
		return i, rows, fmt.Errorf("calls: %w", err)
	}
	for _, load := range []scenario{
		{"offers, 2.5 KB", b.relay(offerFrame)},
		{"candidates, 150 B", b.relay(candidateFrame)},
	} {
		if rows, err = b.sustain(ctx, rows, load); err != nil {
			return i, rows, err
		}
	}
	return i, rows, b.swarm.Leave(ctx)
}

// intoCalls replaces the chat sockets by call sockets that have joined.
func (b *bench) intoCalls(ctx context.Context) error {
	if err := b.swarm.Leave(ctx); err != nil {
		return err
	}
	if _, err := b.swarm.Open(ctx, b.people.callDials(), b.o.outstanding); err != nil {
		return err
	}
	_, err := b.swarm.Each(ctx, swarm.Load{Frame: same(joinFrame()), Answers: 1, Outstanding: b.o.outstanding})
	return err
}

// relay is a load of frames from each peer to the other of its call.
func (b *bench) relay(frame func(target int64) *swarm.Template) swarm.Load {
	toFirst, toSecond := frame(b.people.users[0].Account.ID), frame(b.people.users[1].Account.ID)
	return swarm.Load{
		Frame: func(place int) *swarm.Template {
			if place < len(b.people.calls) { // the first user's sockets come first
				return toSecond
			}
			return toFirst
		},
		Answers: 1, Deliveries: 1, Outstanding: b.o.outstanding,
	}
}

func same(t *swarm.Template) func(int) *swarm.Template {
	return func(int) *swarm.Template { return t }
}

// scenario is a load and the name of its row.
type scenario struct {
	name string
	load swarm.Load
}

// sustain measures a load and adds its row.
func (b *bench) sustain(ctx context.Context, rows []row, s scenario) ([]row, error) {
	var before, after usage
	var profile errgroup.Group
	r, err := b.swarm.Sustain(ctx, s.load, swarm.Window{
		Warm: b.o.duration / 5, Measured: b.o.duration,
		Begin: func() (err error) {
			if b.o.profile != "" {
				profile.Go(func() error { return b.profile(ctx, s.name) })
			}
			before, err = b.usage()
			return err
		},
		End: func() (err error) {
			after, err = b.usage()
			return err
		},
	})
	if profiled := profile.Wait(); err == nil {
		err = profiled
	}
	if err != nil {
		return rows, fmt.Errorf("%s: %w", s.name, err)
	}
	return append(rows, newRow(s.name, r, after.since(before))), nil
}

// profile saves what the server does while a scenario is measured.
func (b *bench) profile(ctx context.Context, scenario string) error {
	if err := os.MkdirAll(b.o.profile, 0o750); err != nil { //nolint:gosec // G703: where the one who measures wants it
		return fmt.Errorf("profile: %w", err)
	}
	file := strings.NewReplacer(", ", "-", " ", "-").Replace(scenario) + ".pprof"
	return b.server.admin.profile(ctx, b.o.duration, filepath.Join(b.o.profile, file))
}

// usage is the CPU time spent until now; the server's is 0 if its process is not
// known.
func (b *bench) usage() (u usage, err error) {
	if b.server.proc != 0 {
		if u.server, err = b.server.proc.cpu(); err != nil {
			return u, err
		}
	}
	var own unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &own); err != nil {
		return u, fmt.Errorf("getrusage: %w", err)
	}
	u.client = time.Duration(own.Utime.Nano() + own.Stime.Nano())
	u.machine, err = machineCPU()
	return u, err
}
