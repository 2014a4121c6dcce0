package floor

import (
	"golang.org/x/sys/unix"

	"parley/loadtest/raw"
)

// send writes a frame, now or at the end of the turn.
func (f *Floor) send(m *member, frame []byte) {
	if f.mode == Each && len(m.out) == 0 {
		n, err := raw.Send(m.fd, frame)
		if err != nil || n == len(frame) {
			return // a broken socket is ended when it is read
		}
		f.keep(m, frame[n:])
		f.stall(m)
		return
	}
	if len(m.out) == 0 {
		f.unsent = append(f.unsent, m)
	}
	f.keep(m, frame)
}

// flush ends the turn.
func (f *Floor) flush() {
	for _, m := range f.unsent {
		if !m.stalled {
			f.write(m)
		}
	}
	f.unsent = f.unsent[:0]
}

// write sends what is kept, as far as the kernel takes it.
func (f *Floor) write(m *member) {
	n, err := raw.Send(m.fd, m.out)
	if err == nil && n < len(m.out) {
		m.out = m.out[:copy(m.out, m.out[n:])]
		f.stall(m)
		return
	}
	f.spare = append(f.spare, m.out[:0])
	m.out = nil
	if m.stalled {
		m.stalled = false
		_ = f.watch(unix.EPOLL_CTL_MOD, m.fd, unix.EPOLLIN) // a broken socket is ended when it is read
	}
}

// stall waits for the kernel to take more.
func (f *Floor) stall(m *member) {
	if !m.stalled {
		m.stalled = true
		_ = f.watch(unix.EPOLL_CTL_MOD, m.fd, unix.EPOLLIN|unix.EPOLLOUT) // as above
	}
}

// keep copies a frame, or the rest of one, until it can be written.
func (f *Floor) keep(m *member, frame []byte) {
	if last := len(f.spare) - 1; m.out == nil && last >= 0 {
		m.out = f.spare[last]
		f.spare = f.spare[:last]
	}
	m.out = append(m.out, frame...)
}
