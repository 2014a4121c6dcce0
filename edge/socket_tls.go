//go:build linux && !noepoll

package edge

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"

	"golang.org/x/sys/unix"
)

// tlsSocket is a socket under TLS that the shard alone owns: crypto/tls works
// on the shard's goroutine, from and into the shard's buffers.
type tlsSocket struct {
	fdSocket
	tls     *tls.Conn
	pending []byte // records that the kernel did not take
	awaited bool   // Conn.writable is due
	unread  bool   // crypto/tls may hold what came with the handshake
	ended   bool   // nothing more is to be read
}

// mostPending is what may wait of records that crypto/tls writes by itself: the
// answers to key updates (RFC 8446, section 4.6.3) of a peer that reads none.
const mostPending = 2 * plainBytes

// serverTLS is the server's side of TLS on a connection that was just accepted.
// A shard can take it over once its handshake is done.
func serverTLS(nc net.Conn, cfg *tls.Config) *tls.Conn {
	return tls.Server(&bio{Conn: nc}, cfg)
}

// underTLS finds what newTransport can take over in a connection of serverTLS.
func underTLS(nc net.Conn) (*tls.Conn, *bio) {
	if t, is := nc.(*tls.Conn); is {
		if b, is := t.NetConn().(*bio); is {
			return t, b
		}
	}
	return nil, nil
}

func (ep *epoll) addTLS(c *Conn, t *tls.Conn, b *bio, fd int) (transport, error) {
	if ep.tls == nil {
		ep.tls = newTLSBuffers()
	}
	b.Conn, b.bufs = nil, ep.tls
	sock := &tlsSocket{fdSocket: fdSocket{conn: c, fd: int32(fd), reading: true}, tls: t, unread: true}
	if err := sock.enter(sock, unix.EPOLL_CTL_ADD); err != nil {
		return nil, err
	}
	c.shard.later(sock.catchUp) // behind the bytes that attach was given
	return sock, nil
}

func (s *tlsSocket) ready(events uint32) {
	if events&unix.EPOLLOUT != 0 && s.writing {
		s.resume()
	}
	const news = unix.EPOLLIN | unix.EPOLLRDHUP | unix.EPOLLHUP | unix.EPOLLERR
	switch {
	case events&news == 0 || s.gone():
	case s.reading:
		s.read()
	default:
		s.mask()
	}
}

func (s *tlsSocket) gone() bool { return s.conn.state == stateDead }

// resume goes on sending.
func (s *tlsSocket) resume() {
	err := s.flush()
	if errors.Is(err, errAgain) {
		return
	}
	s.writing = false
	switch {
	case s.control(unix.EPOLL_CTL_MOD) != nil:
		s.conn.lost()
	case err != nil:
		s.conn.broken()
	case s.awaited:
		s.awaited = false
		s.conn.writable()
	}
}

// read takes at most one buffer a turn, so that no socket starves the others.
func (s *tlsSocket) read() {
	if !s.conn.mayReceive() {
		return
	}
	if s.unread { // comes first; the kernel's has its turn again
		s.receive(nil)
		return
	}
	n, err := readNow(int(s.fd), s.ep().tls.received)
	switch {
	case n > 0:
		s.receive(s.ep().tls.received[:n])
	case errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EINTR):
	default: // end of stream without a goodbye, or an error
		s.conn.lost()
	}
}

// receive gives crypto/tls what came, and Conn what that opens.
func (s *tlsSocket) receive(sealed []byte) {
	s.unread = false
	bufs := s.ep().tls
	bufs.unread = sealed
	bufs.fields.lend(s.tls, bufs.opened)
	plain := s.ep().shard.buf
	var filled int
	var err error
	for err == nil && filled < len(plain) {
		var n int
		n, err = s.tls.Read(plain[filled:])
		filled += n
	}
	bufs.fields.takeBack(s.tls)
	s.push() // alerts, answers to key updates: before another socket needs the buffer
	// Without any error crypto/tls still holds plaintext, in the lent buffer: more
	// than a turn can bring.
	s.ended = !errors.Is(err, dry{}) || len(s.pending) > mostPending
	if filled > 0 {
		s.conn.feed(plain[:filled])
	}
	if s.ended && s.reading {
		s.conn.lost()
	}
}

// catchUp handles what crypto/tls holds, for which the kernel has no event.
func (s *tlsSocket) catchUp() {
	switch {
	case !s.reading || s.gone():
	case s.ended:
		s.conn.lost()
	case s.unread:
		s.receive(nil)
	}
}

func (s *tlsSocket) setReading(on bool) {
	s.fdSocket.setReading(on)
	s.catchUp()
}

// writev seals what it takes, and takes nothing while sealed records wait.
func (s *tlsSocket) writev(bufs [][]byte) (n int, err error) {
	if err := s.flush(); err != nil || len(bufs) == 0 {
		return 0, err
	}
	plain := s.ep().tls.plain[:0]
	for _, b := range bufs {
		room := plainBytes - len(plain)
		plain = append(plain, b[:min(len(b), room)]...)
		if len(b) >= room {
			break
		}
	}
	if n, err = s.tls.Write(plain); err != nil {
		return n, fmt.Errorf("edge: %w", err)
	}
	return n, s.flush()
}

// flush sends the records that wait, and says errAgain if not all could go.
func (s *tlsSocket) flush() error {
	records := s.ep().tls.sealed
	s.ep().tls.sealed = records[:0]
	if len(s.pending) > 0 {
		s.pending = append(s.pending, records...)
		records = s.pending
	}
	if len(records) == 0 {
		return nil
	}
	n, err := writeNow(int(s.fd), records)
	if err != nil && !errors.Is(err, unix.EAGAIN) && !errors.Is(err, unix.EINTR) {
		s.pending = nil
		return fmt.Errorf("edge: write: %w", err)
	}
	if n = max(n, 0); n < len(records) {
		s.pending = append(s.pending[:0], records[n:]...)
		return errAgain
	}
	s.pending = nil
	return nil
}

// push sends what crypto/tls wrote by itself. An error shows again where the
// socket is read or written next.
func (s *tlsSocket) push() {
	if errors.Is(s.flush(), errAgain) && !s.writing {
		s.fdSocket.awaitWritable()
	}
}

func (s *tlsSocket) awaitWritable() {
	s.awaited = true
	s.fdSocket.awaitWritable()
}

// closeWrite says goodbye (close_notify; RFC 8446, section 6.1).
func (s *tlsSocket) closeWrite() {
	_ = s.tls.CloseWrite()
	s.push()
}

// close says goodbye as far as that goes at once.
func (s *tlsSocket) close() {
	if len(s.pending) == 0 {
		_ = s.tls.CloseWrite()
		_ = s.flush()
	}
	s.pending = nil
	s.fdSocket.close()
}
