package swarm

import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// timer wakes the swarm at a steady pace, more exactly than the milliseconds of
// epoll_wait(2) (timerfd_create(2)). The zero value is none.
type timer struct{ fd int }

func newTimer(every time.Duration) (timer, error) {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		return timer{}, fmt.Errorf("swarm: timerfd_create: %w", err)
	}
	interval := unix.NsecToTimespec(max(every.Nanoseconds(), 1))
	if err := unix.TimerfdSettime(fd, 0, &unix.ItimerSpec{Interval: interval, Value: interval}, nil); err != nil {
		_ = unix.Close(fd)
		return timer{}, fmt.Errorf("swarm: timerfd_settime: %w", err)
	}
	return timer{fd}, nil
}

// drain takes the expirations, which are counted by the clock instead.
func (t timer) drain() {
	var expirations [8]byte
	_, _ = unix.Read(t.fd, expirations[:]) // it has expired, or a later turn comes
}

func (t timer) close() {
	if t.fd != 0 {
		_ = unix.Close(t.fd)
	}
}
