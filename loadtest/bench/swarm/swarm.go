//go:build linux

package swarm

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/netip"
	"time"

	"github.com/gobwas/ws"
	"golang.org/x/sys/unix"
)

// patience is how long a server may leave the swarm without a byte that it
// waits for.
const patience = 20 * time.Second

// Swarm is the sockets to one server.
type Swarm struct {
	// static after construction
	addr  netip.AddrPort
	began time.Time
	epoll int

	sockets []*socket // by their place among the dials
	open    int       // sockets that have not ended
	sent    uint32    // stamped frames; no two of a swarm bear the same number
	events  []unix.EpollEvent
	buf     []byte
	// handle takes the messages; set by what is under way.
	handle func(k *socket, payload []byte, now time.Duration) error
}

// New makes a swarm without sockets for the server at addr.
func New(addr netip.AddrPort) (*Swarm, error) {
	if !addr.Addr().Is4() || !addr.Addr().IsLoopback() {
		return nil, fmt.Errorf("swarm: want an address in 127.0.0.0/8, got %s", addr)
	}
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("swarm: epoll_create1: %w", err)
	}
	return &Swarm{
		addr: addr, began: time.Now(), epoll: fd,
		events: make([]unix.EpollEvent, 512), buf: make([]byte, 64<<10),
	}, nil
}

// Close drops what is open and ends the swarm.
func (s *Swarm) Close() {
	for _, k := range s.sockets {
		s.end(k)
	}
	_ = unix.Close(s.epoll)
}

// Leave closes every socket in good order (RFC 6455, section 7.1) and waits
// until the server has ended each.
func (s *Swarm) Leave(ctx context.Context) error {
	s.handle = func(*socket, []byte, time.Duration) error { return nil }
	goodbye := ws.MustCompileFrame(ws.MaskFrame(ws.NewCloseFrame(ws.NewCloseFrameBody(ws.StatusNormalClosure, ""))))
	for _, k := range s.sockets {
		k.leaving = true
		if err := s.send(k, goodbye); err != nil {
			return err
		}
	}
	if err := s.until(ctx, func() (int, error) { return s.open, nil }); err != nil {
		return fmt.Errorf("swarm: %d sockets were not closed: %w", s.open, err)
	}
	s.sockets = s.sockets[:0]
	return nil
}

// now is the time since the swarm began.
func (s *Swarm) now() time.Duration { return time.Since(s.began) }

var errSilent = fmt.Errorf("nothing came for %s", patience)

// until takes turns until nothing is left to wait for.
func (s *Swarm) until(ctx context.Context, left func() (int, error)) error {
	least, since := math.MaxInt, s.now()
	for {
		n, err := left()
		switch now := s.now(); {
		case err != nil || n == 0:
			return err
		case n < least:
			least, since = n, now
		case now-since > patience:
			return errSilent
		}
		if err := s.turn(ctx, maxWait); err != nil {
			return err
		}
	}
}

// maxWait bounds a turn, so that a cancelled context is noticed.
const maxWait = 100 * time.Millisecond

// turn waits until a socket is ready, or the time is up, and serves those that
// are.
func (s *Swarm) turn(ctx context.Context, most time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ms := int((min(most, maxWait) + time.Millisecond - 1) / time.Millisecond)
	n, err := unix.EpollWait(s.epoll, s.events, max(ms, 0))
	if err != nil && !errors.Is(err, unix.EINTR) {
		return fmt.Errorf("swarm: epoll_wait: %w", err)
	}
	for i := range max(n, 0) {
		k := s.sockets[s.events[i].Fd]
		if s.events[i].Events&unix.EPOLLOUT != 0 {
			if err := s.flush(k); err != nil {
				return err
			}
		}
		if s.events[i].Events&^unix.EPOLLOUT != 0 {
			if err := s.read(k); err != nil {
				return err
			}
		}
	}
	return nil
}
