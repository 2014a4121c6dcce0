//go:build linux && !noepoll

package edge

import (
	"errors"
	"fmt"
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// fdSocket is a socket that the shard alone owns, out of the Go runtime's
// poller.
type fdSocket struct {
	conn    *Conn
	fd      int32
	slot    int32
	reading bool
	masked  bool // epoll does not tell of what may be read
	writing bool
}

// ep is the poller of the socket's shard: a socket has it no other way.
func (s *fdSocket) ep() *epoll { return s.conn.shard.poll.(*epoll) }

// takeOver makes a socket's descriptor the caller's own: it is duplicated, and
// the original closed, with which the runtime's poller forgets it. Both share
// O_NONBLOCK.
func takeOver(nc net.Conn) (fd int, ok bool) {
	tcp, is := nc.(*net.TCPConn)
	if !is {
		return 0, false
	}
	fd, err := duplicate(tcp)
	if err != nil {
		return 0, false
	}
	_ = tcp.Close()
	return fd, true
}

func duplicate(c syscall.Conn) (fd int, err error) {
	raw, err := c.SyscallConn()
	if err != nil {
		return 0, fmt.Errorf("edge: syscall conn: %w", err)
	}
	var failed error
	err = raw.Control(func(orig uintptr) {
		fd, failed = unix.FcntlInt(orig, unix.F_DUPFD_CLOEXEC, 0)
	})
	if err = errors.Join(err, failed); err != nil {
		return 0, fmt.Errorf("edge: dup: %w", err)
	}
	return fd, nil
}

// newTransport hands a TCP socket to epoll, plain or under TLS, and serves
// anything else by goroutines.
func newTransport(c *Conn, nc net.Conn) (transport, error) {
	ep, is := c.shard.poll.(*epoll)
	if !is {
		return newStream(c, nc), nil
	}
	if t, under := underTLS(nc); t != nil {
		if fd, ok := takeOver(under.Conn); ok {
			return ep.addTLS(c, t, under, fd)
		}
	}
	if fd, ok := takeOver(nc); ok {
		return ep.add(c, fd, unix.EPOLL_CTL_ADD)
	}
	return newStream(c, nc), nil
}

// add gives a plain socket's descriptor a place in the epoll set, by op: one that
// a guest had is there already.
func (ep *epoll) add(c *Conn, fd, op int) (transport, error) {
	sock := &c.own
	*sock = fdSocket{conn: c, fd: int32(fd), reading: true}
	if err := sock.enter(sock, op); err != nil {
		return nil, err
	}
	return sock, nil
}

// enter has epoll tell who of the socket's events. If it fails the descriptor
// is closed.
func (s *fdSocket) enter(who pollable, op int) error {
	ep := s.ep()
	if n := len(ep.free); n > 0 {
		s.slot = ep.free[n-1]
		ep.free = ep.free[:n-1]
		ep.sockets[s.slot] = who
	} else {
		s.slot = int32(len(ep.sockets))
		ep.sockets = append(ep.sockets, who)
	}
	if err := s.control(op); err != nil {
		s.leaveSlot()
		_ = unix.Close(int(s.fd))
		return err
	}
	return nil
}

func (s *fdSocket) control(op int) error {
	ev := unix.EpollEvent{Fd: s.slot}
	if !s.masked {
		ev.Events |= unix.EPOLLIN | unix.EPOLLRDHUP
	} else {
		ev.Events |= unix.EPOLLET // a hang-up cannot be masked, only be told once
	}
	if s.writing {
		ev.Events |= unix.EPOLLOUT
	}
	if err := unix.EpollCtl(s.ep().fd, op, int(s.fd), &ev); err != nil {
		return fmt.Errorf("edge: epoll_ctl: %w", err)
	}
	return nil
}

func (s *fdSocket) ready(events uint32) {
	if events&unix.EPOLLOUT != 0 && s.writing {
		s.writing = false
		if s.control(unix.EPOLL_CTL_MOD) != nil {
			s.conn.lost()
			return
		}
		s.conn.writable()
	}
	const news = unix.EPOLLIN | unix.EPOLLRDHUP | unix.EPOLLHUP | unix.EPOLLERR
	switch {
	case events&news == 0:
	case s.reading:
		s.read()
	default:
		s.mask()
	}
}

// read takes at most one buffer a turn, so that no socket starves the others,
// and nothing of a socket whose group has had its share: it stays ready.
func (s *fdSocket) read() {
	c := s.conn
	if !c.mayReceive() {
		return
	}
	buf := c.shard.buf
	if c.in == nil {
		buf = buf[:readTurn]
	}
	n, err := readNow(int(s.fd), buf)
	switch {
	case n > 0:
		c.feed(buf[:n])
	case errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EINTR):
	default: // end of stream, or an error
		c.lost()
	}
}

func (s *fdSocket) writev(bufs [][]byte) (int, error) {
	if len(bufs) == 0 {
		return 0, nil // the kernel has it
	}
	n, err := s.send(bufs)
	switch {
	case err == nil:
		return n, nil
	case errors.Is(err, unix.EAGAIN):
		return 0, errAgain
	case errors.Is(err, unix.EINTR):
		return 0, nil
	default:
		return 0, fmt.Errorf("edge: write: %w", err)
	}
}

func (s *fdSocket) send(bufs [][]byte) (int, error) {
	if len(bufs) == 1 {
		return writeNow(int(s.fd), bufs[0])
	}
	iov := s.ep().iov[:0]
	for _, b := range bufs {
		v := unix.Iovec{Base: &b[0]}
		v.SetLen(len(b))
		iov = append(iov, v)
	}
	n, err := writevNow(int(s.fd), iov)
	clear(iov)
	return n, err
}

func (s *fdSocket) awaitWritable() {
	s.writing = true
	_ = s.control(unix.EPOLL_CTL_MOD) // if it fails the heartbeat ends the socket
}

// setReading only takes note: epoll is told when there is something that is not
// to be read, which for a short pause there is not.
func (s *fdSocket) setReading(on bool) {
	s.reading = on
	if on && s.masked {
		s.masked = false
		_ = s.control(unix.EPOLL_CTL_MOD)
	}
}

// mask keeps epoll from telling again what is not to be read.
func (s *fdSocket) mask() {
	if !s.masked {
		s.masked = true
		_ = s.control(unix.EPOLL_CTL_MOD)
	}
}

func (s *fdSocket) closeWrite() { _ = unix.Shutdown(int(s.fd), unix.SHUT_WR) }

// close also takes the descriptor out of the epoll set, as its last reference.
func (s *fdSocket) close() {
	s.leaveSlot()
	_ = unix.Close(int(s.fd))
}

func (s *fdSocket) leaveSlot() {
	s.ep().sockets[s.slot] = nil
	s.ep().free = append(s.ep().free, s.slot)
}
