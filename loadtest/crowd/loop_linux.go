package crowd

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// loop is one goroutine that serves an epoll set.
type loop struct {
	// static
	epoll   int
	timeout time.Duration
	counts  *counters
	done    chan struct{}

	stopped atomic.Bool

	// owned by the goroutine
	events []unix.EpollEvent
	buf    []byte

	mu      sync.Mutex
	sockets []*loopSocket // guarded by mu: by the place that epoll events name
	free    []int32       // guarded by mu: places without a socket
	opening []*loopSocket // guarded by mu: by when they were dialed
}

// A turn's bounds: sockets that are served, and bytes of each.
const (
	atOnce     = 512
	bufferSize = 64 << 10
)

// tick bounds the wait for events, so that timeouts and the end are noticed.
const tick = 100 * time.Millisecond

func newLoop(counts *counters, timeout time.Duration) (transport, error) {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("crowd: epoll_create1: %w", err)
	}
	l := &loop{
		epoll: fd, timeout: timeout, counts: counts, done: make(chan struct{}),
		events: make([]unix.EpollEvent, atOnce), buf: make([]byte, bufferSize),
	}
	go l.run()
	return l, nil
}

func (l *loop) run() {
	defer close(l.done)
	for !l.stopped.Load() {
		n, err := unix.EpollWait(l.epoll, l.events, int(tick/time.Millisecond))
		if err != nil && !errors.Is(err, unix.EINTR) {
			return // the set is closed
		}
		for _, event := range l.events[:max(n, 0)] {
			k := l.at(event.Fd)
			if k == nil {
				continue
			}
			if event.Events&unix.EPOLLOUT != 0 {
				k.flush()
			}
			if event.Events&^unix.EPOLLOUT != 0 {
				k.read(l.buf)
			}
		}
		l.expire(time.Now())
	}
}

// dial opens a socket.
func (l *loop) dial(at host, source netip.Addr, h handshake, listener Listener) (Socket, error) {
	fd, err := connect(at.addr, source)
	if err != nil {
		return nil, err
	}
	k := &loopSocket{loop: l, listener: listener, handshake: &h, dialed: time.Now(), fd: fd}
	k.mu.Lock()
	defer k.mu.Unlock()
	l.enter(k)
	ev := unix.EpollEvent{Events: unix.EPOLLIN, Fd: k.place}
	if err := unix.EpollCtl(l.epoll, unix.EPOLL_CTL_ADD, fd, &ev); err != nil {
		k.drop()
		return nil, fmt.Errorf("crowd: epoll_ctl: %w", err)
	}
	k.write(h.request)
	return k, nil
}

func (l *loop) enter(k *loopSocket) {
	l.counts.open.Add(1)
	l.mu.Lock()
	defer l.mu.Unlock()
	if n := len(l.free); n > 0 {
		k.place, l.free = l.free[n-1], l.free[:n-1]
		l.sockets[k.place] = k
	} else {
		k.place = int32(len(l.sockets))
		l.sockets = append(l.sockets, k)
	}
	l.opening = append(l.opening, k)
}

// leave frees a socket's place. An event for it that was taken already may reach
// the next socket of the place, which then finds nothing to read.
func (l *loop) leave(k *loopSocket) {
	l.counts.open.Add(-1)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sockets[k.place] = nil
	l.free = append(l.free, k.place)
}

func (l *loop) at(place int32) *loopSocket {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.sockets[place]
}

// expire ends those that took too long to open. Only the loop's goroutine takes
// sockets off the list; a socket's lock is never taken under the loop's.
func (l *loop) expire(now time.Time) {
	for {
		k := l.oldest()
		if k == nil {
			return
		}
		waits := k.waits()
		if waits && now.Sub(k.dialed) < l.timeout {
			return
		}
		l.mu.Lock()
		l.opening[0] = nil
		l.opening = l.opening[1:]
		l.mu.Unlock()
		if waits {
			k.end(fmt.Errorf("crowd: handshake: %w", context.DeadlineExceeded), now)
		}
	}
}

func (l *loop) oldest() *loopSocket {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.opening) == 0 {
		return nil
	}
	return l.opening[0]
}

func (l *loop) close() {
	l.stopped.Store(true)
	<-l.done
	l.mu.Lock()
	left := slices.Clone(l.sockets)
	l.mu.Unlock()
	for _, k := range left {
		if k != nil {
			k.Cut()
		}
	}
	_ = unix.Close(l.epoll)
}
