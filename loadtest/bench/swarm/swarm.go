//go:build linux

package swarm

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/gobwas/ws"
	"golang.org/x/sys/unix"
)

// Swarm is the sockets to one server.
type Swarm struct {
	// static after construction
	addr  netip.AddrPort
	began time.Time
	epoll int

	sockets []*socket // by their place among the dials
	open    int       // sockets that have not ended
	dialed  int       // sockets ever
	sent    uint32    // stamped frames; no two of a swarm bear the same number
	moved   int64     // frames that were sent, and what came of them
	ponged  int       // pongs that came since Quiet began
	counts  Counts
	loads   []*run // under way
	events  []unix.EpollEvent
	buf     []byte
	inflate inflater
	// handle takes the messages; set by what is under way.
	handle func(k *socket, payload []byte, now time.Duration) error
}

// Counts are what came of a swarm's sockets since it began.
type Counts struct {
	Bytes    int64 // that were received, handshakes and headers included
	Pings    int64 // of the server's that were answered
	Deflated int64 // sockets for which permessage-deflate was agreed
	Packed   int64 // frames that came compressed
	Lasting  int64 // welcomes to sessions that may be returned to, where Dial.Session was set
	Resumed  int64 // of these, to sessions that were
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
	s.Drop()
	_ = unix.Close(s.epoll)
}

// LimitReads has the swarm take no more than so many bytes from a socket before
// it looks at the next, so that one that gets much does not make others wait. By
// default it is 64 KiB, which is cheapest.
func (s *Swarm) LimitReads(bytes int) { s.buf = s.buf[:min(bytes, cap(s.buf))] }

// Counts are what came until now.
func (s *Swarm) Counts() Counts { return s.counts }

// Drop ends every socket without a word, as when a network is lost.
func (s *Swarm) Drop() {
	for _, k := range s.sockets {
		s.end(k)
	}
	s.sockets = s.sockets[:0]
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
	if err := s.until(ctx, func() (int, time.Duration, error) { return s.open, maxWait, nil }); err != nil {
		return fmt.Errorf("swarm: %d sockets were not closed: %w", s.open, err)
	}
	s.sockets = s.sockets[:0]
	return nil
}

// now is the time since the swarm began.
func (s *Swarm) now() time.Duration { return time.Since(s.began) }

// until takes turns until nothing is left to wait for. What is left, and how
// long the next turn may wait, is asked before each.
func (s *Swarm) until(ctx context.Context, step func() (left int, wait time.Duration, err error)) error {
	silent := silence{since: s.now()}
	for {
		left, wait, err := step()
		if err != nil || left == 0 {
			return err
		}
		if err := silent.check(int64(left), s.now()); err != nil {
			return err
		}
		if err := s.turn(ctx, wait); err != nil {
			return err
		}
	}
}

// maxWait bounds a turn, so that a cancelled context is noticed.
const maxWait = 100 * time.Millisecond

// turn waits until a socket is ready, or the time is up, and serves those that
// are. Timers of loads have the events with negative places.
func (s *Swarm) turn(ctx context.Context, most time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ms := int((min(most, maxWait) + time.Millisecond - 1) / time.Millisecond)
	n, err := unix.EpollWait(s.epoll, s.events, max(ms, 0))
	if err != nil && !errors.Is(err, unix.EINTR) {
		return fmt.Errorf("swarm: epoll_wait: %w", err)
	}
	for _, event := range s.events[:max(n, 0)] {
		if event.Fd < 0 {
			s.loads[-event.Fd-1].timer.drain()
			continue
		}
		k := s.sockets[event.Fd]
		if event.Events&unix.EPOLLOUT != 0 {
			if err := s.flush(k); err != nil {
				return err
			}
		}
		if event.Events&^unix.EPOLLOUT != 0 {
			if err := s.read(k); err != nil {
				return err
			}
		}
	}
	return nil
}
