//go:build linux

package swarm

import (
	"errors"
	"fmt"
	"time"

	"github.com/gobwas/ws"
	"golang.org/x/sys/unix"

	"parley/loadtest/raw"
	"parley/loadtest/wire"
)

// socket is one WebSocket.
type socket struct {
	fd       int
	place    int // among the dials, and in the epoll events
	dialed   time.Duration
	upgraded bool
	deflate  bool // agreed
	welcome  bool
	leaving  bool
	session  *session // nil: it is not asked for
	partial  []byte   // the beginning of a frame
	unsent   []byte   // what the kernel did not take
}

// send writes b, or keeps what the kernel does not take.
func (s *Swarm) send(k *socket, b []byte) error {
	if len(k.unsent) > 0 {
		k.unsent = append(k.unsent, b...)
		return nil
	}
	n, err := raw.Send(k.fd, b)
	if err != nil {
		return s.broken(k, err)
	}
	if n == len(b) {
		return nil
	}
	k.unsent = append(k.unsent, b[n:]...)
	return s.watch(k, unix.EPOLL_CTL_MOD, unix.EPOLLIN|unix.EPOLLOUT)
}

// flush goes on with what was kept.
func (s *Swarm) flush(k *socket) error {
	n, err := raw.Send(k.fd, k.unsent)
	if err != nil {
		return s.broken(k, err)
	}
	k.unsent = k.unsent[:copy(k.unsent, k.unsent[n:])]
	if len(k.unsent) > 0 {
		return nil
	}
	return s.watch(k, unix.EPOLL_CTL_MOD, unix.EPOLLIN)
}

func (s *Swarm) watch(k *socket, op int, events uint32) error {
	ev := unix.EpollEvent{Events: events, Fd: int32(k.place)}
	if err := unix.EpollCtl(s.epoll, op, k.fd, &ev); err != nil {
		return fmt.Errorf("swarm: epoll_ctl: %w", err)
	}
	return nil
}

// read takes what has come, one buffer at most.
func (s *Swarm) read(k *socket) error {
	if k.fd < 0 {
		return nil
	}
	n, err := raw.Receive(k.fd, s.buf)
	switch {
	case err != nil:
		return s.broken(k, err)
	case n == 0:
		return nil
	}
	s.counts.Bytes += int64(n)
	data := s.buf[:n]
	if len(k.partial) > 0 {
		k.partial = append(k.partial, data...)
		data = k.partial
	}
	rest, err := s.digest(k, data)
	k.partial = append(k.partial[:0], rest...)
	return err
}

// digest handles all that is complete in data and returns what is not.
func (s *Swarm) digest(k *socket, data []byte) ([]byte, error) {
	now := s.now()
	if !k.upgraded {
		rest, deflate, ok, err := cutHandshake(data)
		if !ok {
			return rest, err
		}
		k.upgraded, k.deflate = true, deflate
		if deflate {
			s.counts.Deflated++
		}
		data = rest
	}
	for {
		f, rest, ok, err := wire.Cut(data)
		if ok {
			err = s.take(k, f, now)
		}
		if !ok || err != nil {
			return rest, err
		}
		data = rest
	}
}

// take handles one frame.
func (s *Swarm) take(k *socket, f wire.Frame, now time.Duration) (err error) {
	if !f.Fin {
		return errors.New("swarm: fragments are not expected of a server")
	}
	if f.Packed {
		if !k.deflate || f.Op != ws.OpText {
			return errors.New("swarm: a frame is compressed that must not be")
		}
		s.counts.Packed++
		if f.Payload, err = s.inflate.message(f.Payload); err != nil {
			return err
		}
	}
	switch {
	case f.Op == ws.OpText && k.session != nil:
		return s.count(k, f.Payload, now)
	case f.Op == ws.OpText:
		return s.handle(k, f.Payload, now)
	case f.Op == ws.OpPong:
		s.ponged++
	case f.Op == ws.OpPing:
		s.counts.Pings++
		return s.send(k, wire.Masked(ws.OpPong, f.Payload))
	case f.Op == ws.OpClose && !k.leaving:
		return fmt.Errorf("swarm: the server closed a socket: %w", wire.CloseError(f.Payload))
	}
	return nil
}

// count handles a message of a session, and tells the server when it is due.
func (s *Swarm) count(k *socket, payload []byte, now time.Duration) error {
	if err := k.session.take(payload, &s.counts); err != nil {
		return err
	}
	if err := s.handle(k, payload, now); err != nil || !k.session.due() {
		return err
	}
	return s.send(k, k.session.tell())
}

// broken is the end of a socket, which is an error unless it was to end.
func (s *Swarm) broken(k *socket, err error) error {
	s.end(k)
	if k.leaving {
		return nil
	}
	return fmt.Errorf("swarm: socket lost: %w", err)
}

func (s *Swarm) end(k *socket) {
	if k.fd >= 0 {
		_ = unix.Close(k.fd)
		k.fd = -1
		s.open--
	}
}
