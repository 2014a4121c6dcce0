//go:build linux && !noepoll

package edge

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// epoll is the poller of Linux: level-triggered, so that a socket with more to
// read than one turn takes has its next turn like every other.
type epoll struct {
	shard *Shard
	fd    int

	waking sync.RWMutex // held for reading around a use of wakeFD by any goroutine
	wakeFD int          // eventfd; -1 once closed: guarded by waking

	// owned by the shard
	events  []unix.EpollEvent
	sockets []*fdSocket // by slot, the number that comes with each event
	free    []int32
}

const wakeSlot = -1

func newPoller(s *Shard) (poller, error) {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("edge: epoll_create1: %w", err)
	}
	wake, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		_ = unix.Close(fd)
		return nil, fmt.Errorf("edge: eventfd: %w", err)
	}
	ep := &epoll{shard: s, fd: fd, wakeFD: wake, events: make([]unix.EpollEvent, 256)}
	ev := unix.EpollEvent{Events: unix.EPOLLIN, Fd: wakeSlot}
	if err := unix.EpollCtl(fd, unix.EPOLL_CTL_ADD, wake, &ev); err != nil {
		ep.close()
		return nil, fmt.Errorf("edge: epoll_ctl: %w", err)
	}
	return ep, nil
}

func (ep *epoll) wait(most time.Duration) error {
	ms := int((most + time.Millisecond - 1) / time.Millisecond)
	n, err := unix.EpollWait(ep.fd, ep.events, ms)
	if errors.Is(err, unix.EINTR) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("edge: epoll_wait: %w", err)
	}
	for i := range ep.events[:n] {
		ev := &ep.events[i]
		if ev.Fd == wakeSlot {
			var b [8]byte
			_, _ = unix.Read(ep.wakeFD, b[:])
			continue
		}
		// A socket closed earlier in this turn has left its slot, which is not
		// filled again before the turn's end.
		if sock := ep.sockets[ev.Fd]; sock != nil {
			sock.ready(ev.Events)
		}
	}
	return nil
}

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
	_ = unix.Close(ep.wakeFD)
	_ = unix.Close(ep.fd)
	ep.wakeFD = -1 // the number may soon be another file's
}
