//go:build linux

package swarm

import (
	"errors"
	"fmt"
	"time"

	"github.com/gobwas/ws"
	"golang.org/x/sys/unix"
)

// socket is one WebSocket.
type socket struct {
	fd       int
	place    int // among the dials, and in the epoll events
	dialed   time.Duration
	upgraded bool
	welcome  bool
	leaving  bool
	partial  []byte // the beginning of a frame
	unsent   []byte // what the kernel did not take
}

// send writes b, or keeps what the kernel does not take.
func (s *Swarm) send(k *socket, b []byte) error {
	if len(k.unsent) > 0 {
		k.unsent = append(k.unsent, b...)
		return nil
	}
	n, err := write(k.fd, b)
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
	n, err := write(k.fd, k.unsent)
	if err != nil {
		return s.broken(k, err)
	}
	k.unsent = k.unsent[:copy(k.unsent, k.unsent[n:])]
	if len(k.unsent) > 0 {
		return nil
	}
	return s.watch(k, unix.EPOLL_CTL_MOD, unix.EPOLLIN)
}

func write(fd int, b []byte) (int, error) {
	n, err := unix.Write(fd, b)
	if errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EINTR) {
		return 0, nil
	}
	return n, err
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
	n, err := unix.Read(k.fd, s.buf)
	switch {
	case errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EINTR):
		return nil
	case err != nil:
		return s.broken(k, err)
	case n == 0:
		return s.broken(k, errors.New("end of stream"))
	}
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
		rest, ok, err := cutHandshake(data)
		if !ok {
			return rest, err
		}
		k.upgraded = true
		data = rest
	}
	for {
		f, rest, ok, err := nextFrame(data)
		if !ok {
			return rest, err
		}
		data = rest
		switch {
		case f.op == ws.OpText:
			err = s.handle(k, f.payload, now)
		case f.op == ws.OpPing:
			err = s.send(k, ws.MustCompileFrame(ws.MaskFrame(ws.NewPongFrame(f.payload))))
		case f.op == ws.OpClose && !k.leaving:
			err = closeError(f.payload)
		}
		if err != nil {
			return nil, err
		}
	}
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
