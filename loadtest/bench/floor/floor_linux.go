package floor

import (
	"context"
	"errors"
	"fmt"
	"net/netip"

	"golang.org/x/sys/unix"
)

// Mode is when frames leave.
type Mode string

const (
	// Coalesced writes once to each socket at the end of a turn of the loop.
	Coalesced Mode = "coalesced"
	// Each writes every frame to every socket by itself.
	Each Mode = "each"
)

// backlog is as many sockets as Linux lets wait by default to be accepted.
const backlog = 4096

// wait bounds a turn in ms, so that a cancelled context is noticed.
const wait = 100

// Floor is the server.
type Floor struct {
	// static after construction
	mode     Mode
	addr     netip.AddrPort
	epoll    int
	listener int

	members []*member // by descriptor
	rooms   map[string]*room
	unsent  []*member // have something to write at the end of this turn
	spare   [][]byte  // buffers that nobody writes from
	buf     []byte
}

// Listen opens a listener at a port of 127.0.0.1 that is free.
func Listen(mode Mode) (*Floor, error) {
	if mode != Coalesced && mode != Each {
		return nil, fmt.Errorf("floor: unknown mode %q", mode)
	}
	f := &Floor{mode: mode, epoll: -1, listener: -1, rooms: make(map[string]*room), buf: make([]byte, 64<<10)}
	if err := f.open(); err != nil {
		f.close()
		return nil, err
	}
	return f, nil
}

func (f *Floor) open() (err error) {
	if f.listener, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0); err != nil {
		return fmt.Errorf("floor: socket: %w", err)
	}
	if err := unix.SetsockoptInt(f.listener, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1); err != nil { // the accepted inherit it
		return fmt.Errorf("floor: TCP_NODELAY: %w", err)
	}
	if err := unix.Bind(f.listener, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return fmt.Errorf("floor: bind: %w", err)
	}
	if err := unix.Listen(f.listener, backlog); err != nil {
		return fmt.Errorf("floor: listen: %w", err)
	}
	bound, err := unix.Getsockname(f.listener)
	if err != nil {
		return fmt.Errorf("floor: getsockname: %w", err)
	}
	in4, ok := bound.(*unix.SockaddrInet4)
	if !ok {
		return errors.New("floor: bound to no IPv4 address")
	}
	f.addr = netip.AddrPortFrom(netip.AddrFrom4(in4.Addr), uint16(in4.Port))
	if f.epoll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return fmt.Errorf("floor: epoll_create1: %w", err)
	}
	return f.watch(unix.EPOLL_CTL_ADD, f.listener, unix.EPOLLIN)
}

// Addr is where it listens.
func (f *Floor) Addr() netip.AddrPort { return f.addr }

// Serve serves until ctx ends, and closes all.
func (f *Floor) Serve(ctx context.Context) error {
	defer f.close()
	events := make([]unix.EpollEvent, 512)
	for ctx.Err() == nil {
		n, err := unix.EpollWait(f.epoll, events, wait)
		if err != nil && !errors.Is(err, unix.EINTR) {
			return fmt.Errorf("floor: epoll_wait: %w", err)
		}
		for _, e := range events[:max(n, 0)] {
			if int(e.Fd) == f.listener {
				if err := f.accept(); err != nil {
					return err
				}
				continue
			}
			f.serve(int(e.Fd), e.Events)
		}
		f.flush()
	}
	return nil
}

func (f *Floor) watch(op, fd int, events uint32) error {
	if err := unix.EpollCtl(f.epoll, op, fd, &unix.EpollEvent{Events: events, Fd: int32(fd)}); err != nil {
		return fmt.Errorf("floor: epoll_ctl: %w", err)
	}
	return nil
}

func (f *Floor) close() {
	for _, m := range f.members {
		if m != nil {
			_ = unix.Close(m.fd)
		}
	}
	for _, fd := range []int{f.listener, f.epoll} {
		if fd >= 0 {
			_ = unix.Close(fd)
		}
	}
}
