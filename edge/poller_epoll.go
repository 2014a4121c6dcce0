//go:build linux && !noepoll

package edge

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// epoll is the poller of Linux: level-triggered, so that a socket with more to
// read than one turn takes has its next turn like every other. The set is itself
// watched by the Go runtime's poller, and the shard's goroutine sleeps there: to
// sleep in epoll_wait would keep a processor from the other goroutines until
// the runtime notices.
type epoll struct {
	shard *Shard
	fd    int
	file  *os.File // of fd
	raw   syscall.RawConn

	waking sync.RWMutex // held for reading around a use of wakeFD by any goroutine
	wakeFD int          // eventfd; -1 once closed: guarded by waking

	// owned by the shard
	until   time.Time // the deadline that file has
	ready   int       // events
	failed  error
	events  []unix.EpollEvent
	iov     []unix.Iovec
	sockets []pollable // by slot, the number that comes with each event
	free    []int32
	door    *door
	tls     *tlsBuffers // nil until the first TLS socket
}

// pollable is a socket in an epoll set.
type pollable interface{ ready(events uint32) }

// maxEvents is how many sockets a turn hears of. When many are lost at once, a
// room's members should all be known to be gone before the others are told.
const maxEvents = 4096

func newPoller(s *Shard) (poller, error) {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("edge: epoll_create1: %w", err)
	}
	if err := unix.SetNonblock(fd, true); err != nil {
		_ = unix.Close(fd)
		return nil, fmt.Errorf("edge: epoll: %w", err)
	}
	wake, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		_ = unix.Close(fd)
		return nil, fmt.Errorf("edge: eventfd: %w", err)
	}
	ep := &epoll{
		shard: s, fd: fd, file: os.NewFile(uintptr(fd), "epoll"), wakeFD: wake,
		iov: make([]unix.Iovec, 0, maxVectors), events: make([]unix.EpollEvent, maxEvents),
	}
	ep.door = newDoor(s, ep)
	if ep.raw, err = ep.file.SyscallConn(); err != nil {
		ep.close()
		return nil, fmt.Errorf("edge: epoll: %w", err)
	}
	ev := unix.EpollEvent{Events: unix.EPOLLIN, Fd: wakeSlot}
	if err := unix.EpollCtl(fd, unix.EPOLL_CTL_ADD, wake, &ev); err != nil {
		ep.close()
		return nil, fmt.Errorf("edge: epoll_ctl: %w", err)
	}
	return ep, nil
}

func (ep *epoll) wait(until time.Time) error {
	ep.poll(0)
	if ep.ready == 0 && ep.failed == nil && !until.IsZero() && !ep.door.waiting() {
		ep.sleep(until)
	}
	if ep.failed != nil {
		return fmt.Errorf("edge: epoll_wait: %w", ep.failed)
	}
	ep.dispatch(ep.ready)
	return nil
}

// poll asks what is ready. It never waits.
func (ep *epoll) poll(uintptr) (done bool) {
	ep.ready, ep.failed = pollNow(ep.fd, ep.events)
	if errors.Is(ep.failed, unix.EINTR) {
		ep.failed = nil
	}
	return ep.ready > 0 || ep.failed != nil
}

func (ep *epoll) sleep(until time.Time) {
	if !until.Equal(ep.until) {
		ep.until = until
		if ep.failed = ep.file.SetReadDeadline(until); ep.failed != nil {
			return
		}
	}
	err := ep.raw.Read(ep.poll)
	if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
		ep.failed = err
	}
}

// dispatch handles events. Each turn begins with another socket, so that none
// is always too late for its share.
func (ep *epoll) dispatch(n int) {
	begin := int(ep.shard.budget.turn) % max(n, 1)
	for i := range n {
		ev := &ep.events[(begin+i)%n]
		if ev.Fd == wakeSlot {
			var b [8]byte
			_, _ = unix.Read(ep.wakeFD, b[:])
			continue
		}
		if ev.Fd < 0 {
			ep.door.notice(ev.Fd)
			continue
		}
		// A socket closed earlier in this turn has left its slot, which is not
		// filled again before the turn's end.
		if sock := ep.sockets[ev.Fd]; sock != nil {
			sock.ready(ev.Events)
		}
		ep.shard.glance(i)
	}
	ep.door.turn()
}

func (ep *epoll) accept() { ep.door.accept() }

func (ep *epoll) wake() {
	one := [8]byte{7: 1} // in either byte order, not zero
	ep.waking.RLock()
	defer ep.waking.RUnlock()
	if ep.wakeFD >= 0 {
		_, _ = unix.Write(ep.wakeFD, one[:])
	}
}

func (ep *epoll) close() {
	ep.waking.Lock()
	defer ep.waking.Unlock()
	ep.door.close()
	_ = unix.Close(ep.wakeFD)
	_ = ep.file.Close()
	ep.wakeFD = -1 // the number may soon be another file's
}
