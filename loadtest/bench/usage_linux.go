package main

import (
	"fmt"
	"math"
	"time"

	"golang.org/x/sys/unix"

	"parley/loadtest/bench/host"
	"parley/loadtest/bench/swarm"
)

// usage is CPU time that was spent.
type usage struct{ server, client, machine time.Duration }

// spent is the CPU time until now.
func (s *stage) spent() (u usage, err error) {
	for _, node := range append([]*server{s.server}, s.others...) {
		cpu, err := node.child.Process.CPU()
		if err != nil {
			return u, err
		}
		u.server += cpu
	}
	var own unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &own); err != nil {
		return u, fmt.Errorf("getrusage: %w", err)
	}
	u.client = time.Duration(own.Utime.Nano() + own.Stime.Nano())
	u.machine, err = host.MachineCPU()
	return u, err
}

func (u usage) since(before usage) usage {
	return usage{u.server - before.server, u.client - before.client, u.machine - before.machine}
}

func (u usage) plus(more usage) usage {
	return usage{u.server + more.server, u.client + more.client, u.machine + more.machine}
}

// others is what neither server nor client spent.
func (u usage) others() time.Duration { return max(0, u.machine-u.server-u.client) }

const (
	// busy is how much of a processor counts as all of it.
	busy = 0.9
	// disturbed is how much other work, in processors, makes figures doubtful.
	disturbed = 0.1
)

// measured is a load and what it cost.
type measured struct {
	swarm.Result
	spent    usage
	received int64 // bytes, by all sockets
}

// notes says who was the bottleneck, if it was not the server, and whether the
// machine had other work to do.
func (m measured) notes() (notes []string) {
	share := func(d time.Duration) float64 { return d.Seconds() / m.Elapsed.Seconds() }
	if share(m.spent.client) >= busy && share(m.spent.server) < busy {
		notes = append(notes, "the client was the bottleneck")
	}
	if share(m.spent.others()) > disturbed {
		notes = append(notes, "the machine had other work")
	}
	return notes
}

// rate is how many there were a second.
func (m measured) rate(n int64) float64 { return float64(n) / m.Elapsed.Seconds() }

// each is the server's CPU time for one of n, in microseconds.
func (m measured) each(n int64) float64 {
	if n == 0 {
		return math.NaN()
	}
	return float64(m.spent.server.Nanoseconds()) / 1000 / float64(n)
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func percent(part, of time.Duration) float64 { return part.Seconds() / of.Seconds() * 100 }
