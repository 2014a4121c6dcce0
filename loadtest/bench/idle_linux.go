package main

import (
	"context"
	"fmt"
	"time"

	"parley/loadtest/bench/report"
	"parley/loadtest/bench/swarm"
)

// heartbeat is the server's default: a socket that has been silent for so long is
// pinged.
const heartbeat = 25 * time.Second

// idle measures what it costs to keep sockets that do nothing but answer pings.
func (t *trial) idle(ctx context.Context) error {
	return t.on(ctx, settings{}, func(s *stage) error {
		place, err := s.settle(ctx, s.o.crowd/roomSize, roomSize)
		if err != nil {
			return err
		}
		if _, err := s.open(ctx, place.dials(chatPath)); err != nil {
			return err
		}
		if _, err := s.swarm.Sustain(ctx, swarm.Window{Measured: s.o.idle / 10}); err != nil { // what the arrivals left to do
			return err
		}
		pings := s.swarm.Counts().Pings
		measured, err := s.window(ctx, "", swarm.Window{Measured: s.o.idle})
		if err != nil {
			return err
		}
		m, pinged := measured[0], float64(s.swarm.Counts().Pings-pings)
		scale, note := pingScale(s.o.crowd, m.Elapsed, pinged)
		cpu := percent(m.spent.server, m.Elapsed)
		s.tell(report.Figure{Name: "CPU of a core", Unit: "%", Target: report.AtMost(1)}, cpu*scale, append(m.notes(), note...)...)
		s.detail("CPU of a core as measured", "%", cpu)
		s.detail("pings/s", "", pinged/m.Elapsed.Seconds())
		return nil
	})
}

// pingScale is what CPU is to be multiplied with if fewer pings came than in the
// long run, which is one a socket and heartbeat. All of it is taken to be caused
// by pings, which is more than is.
func pingScale(sockets int, d time.Duration, pings float64) (scale float64, note []string) {
	if pings == 0 {
		return 1, []string{"no ping came"}
	}
	due := float64(sockets) * d.Seconds() / heartbeat.Seconds()
	if due <= pings {
		return 1, nil
	}
	return due / pings, []string{fmt.Sprintf("times %.2f for pings that were not due yet", due/pings)}
}
