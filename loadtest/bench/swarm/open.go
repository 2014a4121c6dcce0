//go:build linux

package swarm

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sys/unix"

	"parley/protocol"
)

// Dial is a socket to open.
type Dial struct {
	Path  string // such as /ws/room/7/
	Token string
}

// Open opens sockets beside those that are open, so many at a time, and returns
// when each has been welcomed. Done counts them, and Answer is the time from
// connect(2) to welcome.
func (s *Swarm) Open(ctx context.Context, dials []Dial, atOnce int) (Result, error) {
	r := newResult()
	next, welcomed := 0, 0
	s.handle = func(k *socket, payload []byte, now time.Duration) error {
		if k.welcome || typeOf(payload) != protocol.TypeWelcome {
			return nil
		}
		k.welcome = true
		welcomed++
		r.Answer.record(now - k.dialed)
		return nil
	}
	start := s.now()
	err := s.until(ctx, func() (int, error) {
		for ; next < len(dials) && next-welcomed < atOnce; next++ {
			if err := s.dial(dials[next]); err != nil {
				return 0, err
			}
		}
		return len(dials) - welcomed, nil
	})
	r.Elapsed, r.Done = s.now()-start, int64(welcomed)
	if err != nil {
		return r, fmt.Errorf("swarm: opened %d of %d sockets: %w", welcomed, len(dials), err)
	}
	return r, nil
}

func (s *Swarm) dial(d Dial) error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("swarm: socket: %w", err)
	}
	k := &socket{fd: fd, place: len(s.sockets), dialed: s.now()}
	s.sockets = append(s.sockets, k)
	s.open++
	// On loopback connecting is done when connect(2) returns.
	to := &unix.SockaddrInet4{Addr: s.addr.Addr().As4(), Port: int(s.addr.Port())}
	if err := unix.Connect(fd, to); err != nil {
		return fmt.Errorf("swarm: connect to %s: %w", s.addr, err)
	}
	if err := unix.SetNonblock(fd, true); err != nil {
		return fmt.Errorf("swarm: O_NONBLOCK: %w", err)
	}
	if err := unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1); err != nil {
		return fmt.Errorf("swarm: TCP_NODELAY: %w", err)
	}
	if err := s.watch(k, unix.EPOLL_CTL_ADD, unix.EPOLLIN); err != nil {
		return err
	}
	return s.send(k, fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Token %s\r\n"+
		"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"+
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", d.Path, s.addr, d.Token))
}
