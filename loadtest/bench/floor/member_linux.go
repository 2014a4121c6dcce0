package floor

import (
	"errors"
	"fmt"
	"slices"

	"golang.org/x/sys/unix"

	"parley/loadtest/raw"
)

// room is who gets each other's frames.
type room struct {
	path    string
	members []*member
}

// member is one socket.
type member struct {
	fd      int
	room    *room  // nil before the handshake
	place   int    // in the room
	partial []byte // what is not complete
	out     []byte // what is not sent
	stalled bool   // the kernel took no more
}

// accept takes all that wait, before anything is done for one of them.
func (f *Floor) accept() error {
	for {
		fd, _, err := unix.Accept4(f.listener, unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC)
		switch {
		case errors.Is(err, unix.EAGAIN):
			return nil
		case errors.Is(err, unix.EINTR) || errors.Is(err, unix.ECONNABORTED):
			continue
		case err != nil:
			return fmt.Errorf("floor: accept: %w", err)
		}
		for len(f.members) <= fd {
			f.members = append(f.members, nil)
		}
		f.members[fd] = &member{fd: fd}
		if err := f.watch(unix.EPOLL_CTL_ADD, fd, unix.EPOLLIN); err != nil {
			return err
		}
	}
}

func (f *Floor) serve(fd int, events uint32) {
	m := f.members[fd]
	if m == nil {
		return // ended earlier in this turn
	}
	if events&unix.EPOLLOUT != 0 {
		f.write(m)
	}
	if events&^unix.EPOLLOUT == 0 {
		return
	}
	n, err := raw.Receive(fd, f.buf)
	if err != nil {
		f.end(m)
		return
	}
	data := f.buf[:n]
	if len(m.partial) > 0 {
		m.partial = append(m.partial, data...)
		data = m.partial
	}
	rest, ok := f.digest(m, data)
	if !ok {
		f.end(m)
		return
	}
	if len(rest) == 0 {
		m.partial = nil // an idle socket holds nothing
		return
	}
	m.partial = append(m.partial[:0], rest...)
}

// digest handles what is complete and returns what is not; it is false if the
// socket is done with.
func (f *Floor) digest(m *member, data []byte) (rest []byte, ok bool) {
	if m.room == nil {
		path, rest, complete := cutRequest(data)
		if !complete {
			return rest, true
		}
		f.enter(m, path)
		f.send(m, []byte(answer))
		data = rest
	}
	for {
		frame, rest, verdict := relayed(data)
		if verdict != whole {
			return rest, verdict == partial
		}
		for _, other := range m.room.members {
			if other != m {
				f.send(other, frame)
			}
		}
		data = rest
	}
}

func (f *Floor) enter(m *member, path []byte) {
	r := f.rooms[string(path)]
	if r == nil {
		r = &room{path: string(path)}
		f.rooms[r.path] = r
	}
	m.room, m.place = r, len(r.members)
	r.members = append(r.members, m)
}

func (f *Floor) end(m *member) {
	_ = unix.Close(m.fd)
	f.members[m.fd] = nil
	if at := slices.Index(f.unsent, m); at >= 0 {
		f.unsent = slices.Delete(f.unsent, at, at+1)
	}
	r := m.room
	if r == nil {
		return
	}
	last := len(r.members) - 1
	r.members[m.place] = r.members[last]
	r.members[m.place].place = m.place
	r.members[last] = nil
	if r.members = r.members[:last]; last == 0 {
		delete(f.rooms, r.path)
	}
}
