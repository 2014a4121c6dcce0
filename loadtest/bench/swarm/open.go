//go:build linux

package swarm

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/unix"

	"parley/loadtest/wire"
	"parley/protocol"
)

// atATime is how many sockets are dialed before the swarm looks at what has
// come, however many may be under way.
const atATime = 64

// Open opens sockets beside those that are open, so many at a time, and returns
// when each has been welcomed. Done counts them, and Answer is the time from
// connect(2) to welcome. What is under way goes on meanwhile.
func (s *Swarm) Open(ctx context.Context, dials []Dial, atOnce int) (Result, error) {
	r := newResult()
	next, welcomed := 0, 0
	s.handle = func(k *socket, payload []byte, now time.Duration) error {
		if k.welcome {
			return s.underWay(k, payload, now)
		}
		if wire.TypeOf(payload) != protocol.TypeWelcome {
			return nil
		}
		k.welcome = true
		welcomed++
		r.Answer.record(now - k.dialed)
		return nil
	}
	start := s.now()
	err := s.until(ctx, func() (int, time.Duration, error) {
		for range atATime {
			if next == len(dials) || next-welcomed >= atOnce {
				return len(dials) - welcomed, maxWait, nil
			}
			if err := s.dial(dials[next]); err != nil {
				return 0, 0, err
			}
			next++
		}
		return len(dials) - welcomed, 0, nil
	})
	r.Elapsed, r.Done = s.now()-start, int64(welcomed)
	if err != nil {
		return r, fmt.Errorf("swarm: opened %d of %d sockets: %w", welcomed, len(dials), err)
	}
	return r, nil
}

// underWay takes a message that may be what a load waits for.
func (s *Swarm) underWay(k *socket, payload []byte, now time.Duration) error {
	if len(s.loads) == 0 {
		return nil
	}
	return s.receive(k, payload, now)
}

// dial begins to connect. Waiting for it would stop the swarm for as long as the
// server's backlog is full; what is to be sent waits for it instead.
func (s *Swarm) dial(d Dial) error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("swarm: socket: %w", err)
	}
	k := &socket{fd: fd, place: len(s.sockets), dialed: s.now()}
	if d.Session {
		k.session = &session{dial: d}
	}
	s.sockets = append(s.sockets, k)
	s.open++
	if err := unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1); err != nil {
		return fmt.Errorf("swarm: TCP_NODELAY: %w", err)
	}
	if err := s.bind(fd); err != nil {
		return err
	}
	at := s.addr
	if d.At.IsValid() {
		at = d.At
	}
	to := &unix.SockaddrInet4{Addr: at.Addr().As4(), Port: int(at.Port())}
	if err := unix.Connect(fd, to); err != nil && !errors.Is(err, unix.EINPROGRESS) {
		return fmt.Errorf("swarm: connect to %s: %w", at, err)
	}
	if err := s.watch(k, unix.EPOLL_CTL_ADD, unix.EPOLLIN); err != nil {
		return err
	}
	return s.send(k, request(d, at.String()))
}

// portsOfAddress is how many sockets are dialed from one source address: Linux
// has 28,232 ephemeral ports for each by default, and keeps those of closed
// sockets back for a minute.
const portsOfAddress = 20_000

// bind has a socket come from the next of 127.0.0.0/8 when the ports of the one
// before are used up.
func (s *Swarm) bind(fd int) error {
	nth := s.dialed / portsOfAddress
	s.dialed++
	if nth == 0 {
		return nil // the kernel chooses 127.0.0.1
	}
	if err := unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_BIND_ADDRESS_NO_PORT, 1); err != nil {
		return fmt.Errorf("swarm: IP_BIND_ADDRESS_NO_PORT: %w", err)
	}
	from := &unix.SockaddrInet4{Addr: [4]byte{127, 1, byte(nth >> 8), byte(nth)}}
	if err := unix.Bind(fd, from); err != nil {
		return fmt.Errorf("swarm: bind: %w", err)
	}
	return nil
}
