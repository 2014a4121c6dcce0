package main

import (
	"context"
	"fmt"
	"time"

	"parley/loadtest/bench/report"
	"parley/loadtest/bench/swarm"
)

const (
	// sessionSeats is the size of the rooms of sockets whose session is measured: a
	// message from each brings ten to each.
	sessionSeats = 11
	// sessionRooms is how many rooms each user of a multiplexed socket is in.
	sessionRooms = 10
	// keptRounds is how many messages from each it takes for frames to be kept:
	// twenty of each session.
	keptRounds = 2
	// tide is more than a server waits before it tells a room who has come.
	tide = 1200 * time.Millisecond
	// longWindow has sessions last while they are measured.
	longWindow = "PARLEY_EDGE_RESUME_WINDOW=10m"
)

// resting is in which state sockets of rooms, or what remains of them, are measured.
type resting struct {
	name string
	ack  bool // they say what they have received
	kept bool // twenty frames each, not acknowledged
	away bool // their sockets are cut
}

func restingStates() []resting {
	return []resting{
		{name: "room socket"},
		{name: "room socket, ack=1", ack: true},
		{name: "room socket, ack=1, 20 frames kept", ack: true, kept: true},
		{name: "suspended", ack: true, away: true},
		{name: "suspended, 20 frames kept", ack: true, kept: true, away: true},
	}
}

// sessions measures what sessions cost that have nothing to say, each kind on a
// server that has just been started.
func (t *trial) sessions(ctx context.Context) error {
	return t.on(ctx, settings{env: []string{longWindow}}, func(s *stage) error {
		place, err := s.settle(ctx, max(s.o.crowd/sessionSeats, 1), sessionSeats)
		if err != nil {
			return err
		}
		if lasts, err := s.lasts(ctx, place.dials(chatPath)[0]); !lasts {
			return err
		}
		for _, r := range restingStates() {
			if err := s.restInRooms(ctx, place, r); err != nil {
				return fmt.Errorf("%s: %w", r.name, err)
			}
		}
		return s.multiplexed(ctx)
	})
}

// lasts reports whether the server knows sessions that outlive their sockets. If
// not, it says so.
func (s *stage) lasts(ctx context.Context, d swarm.Dial) (bool, error) {
	d.Session = true
	if _, err := s.open(ctx, []swarm.Dial{d}); err != nil {
		return false, err
	}
	lasts := s.swarm.Counts().Lasting > 0
	if !lasts {
		s.tell(report.Figure{Name: "sessions that outlive their socket"}, 0, "the server knows none")
	}
	return lasts, s.swarm.Leave(ctx)
}

func (s *stage) restInRooms(ctx context.Context, place town, r resting) error {
	if err := s.restart(ctx); err != nil {
		return err
	}
	dials := place.dials(chatPath)
	if r.ack {
		dials = acknowledging(dials, 0)
	}
	return s.growth(ctx, r.name+", ", len(dials), nil, func(n int) error {
		if _, err := s.open(ctx, dials[:n]); err != nil {
			return err
		}
		if n < len(dials) { // only to get warm
			return s.swarm.Leave(ctx)
		}
		return s.bring(ctx, r, n)
	})
}

// bring has sockets send and receive, and brings them into a state.
func (s *stage) bring(ctx context.Context, r resting, n int) error {
	if _, err := s.swarm.Each(ctx, s.typing(sessionSeats-1)); err != nil {
		return err
	}
	if err := s.calm(ctx); err != nil {
		return err
	}
	if r.kept {
		for range keptRounds {
			if _, err := s.swarm.Each(ctx, s.typing(sessionSeats-1)); err != nil {
				return err
			}
		}
	}
	if !r.away {
		return nil
	}
	s.swarm.Cut(n)
	return s.suspended(ctx, n)
}

// calm waits until nothing more comes, and has the server told that all has.
func (s *stage) calm(ctx context.Context) error {
	if _, err := s.swarm.Sustain(ctx, swarm.Window{Measured: min(tide, s.o.settle)}); err != nil {
		return err
	}
	return s.swarm.Quiet(ctx)
}

// suspendedSessions is the server's own count of sessions without a socket.
const suspendedSessions = "parley_sessions_suspended"

// noticed is how long a server may take to see that sockets were cut.
const noticed = 20 * time.Second

// suspended waits until so many sessions are.
func (s *stage) suspended(ctx context.Context, n int) error {
	var have int64
	for began := time.Now(); time.Since(began) < noticed; {
		var err error
		if have, err = s.server.admin.gauges(ctx, suspendedSessions); err != nil || have == int64(n) {
			return err
		}
		if _, err := s.swarm.Sustain(ctx, swarm.Window{Measured: look / 10}); err != nil {
			return err
		}
	}
	return fmt.Errorf("%d sessions are suspended, of %d whose sockets were cut", have, n)
}

// acknowledging are dials to sessions of which the server keeps what they have
// not said that they received, which they do each so many frames; 0: only when
// they are asked.
func acknowledging(dials []swarm.Dial, every int) []swarm.Dial {
	all := make([]swarm.Dial, len(dials))
	for i, d := range dials {
		d.Path += "?ack=1"
		d.Session, d.Received = true, every
		all[i] = d
	}
	return all
}
