package edge

import (
	"net"
)

// stream serves a socket that epoll cannot: any net.Conn, by one goroutine
// that reads and one that writes. Both speak to the shard through its mailbox.
type stream struct {
	// static after construction
	conn *Conn
	nc   net.Conn

	fed chan struct{} // from shard to reader: its buffer is free again
	out chan []byte   // from shard to writer, one at a time; nil: end our side

	// owned by the shard
	writing bool   // the writer is busy
	next    []byte // the writer's next batch
	waiting bool   // the shard wants Conn.writable when it no longer is
	stopped bool   // reading is paused
	owed    bool   // the reader's next turn, or its last word, is held back
	ended   bool   // the reader is done
	closed  bool
}

const (
	readBytes  = 4 << 10  // each socket's own: an idle one keeps it
	writeBytes = 64 << 10 // most that the writer takes at once, and most that waits for it, beside the outbox
)

func newStream(c *Conn, nc net.Conn) *stream {
	s := &stream{conn: c, nc: nc, fed: make(chan struct{}, 1), out: make(chan []byte, 1)}
	c.shard.edge.streams.Go(s.readLoop)
	c.shard.edge.streams.Go(s.writeLoop)
	return s
}

func (s *stream) readLoop() {
	buf := make([]byte, readBytes)
	for {
		n, err := s.nc.Read(buf)
		posted := s.conn.shard.Post(func() { s.received(buf[:n], err) })
		if err != nil || !posted {
			return
		}
		if _, more := <-s.fed; !more {
			return
		}
	}
}

// received runs on the shard.
func (s *stream) received(data []byte, err error) {
	if s.closed {
		return
	}
	s.ended = err != nil
	if len(data) > 0 {
		s.conn.feed(data)
	}
	s.owed = true
	s.goOn()
}

// goOn gives the reader its next turn, or the connection the reader's last word,
// unless reading is paused or the connection has enough to do.
func (s *stream) goOn() {
	switch {
	case s.closed || s.stopped || !s.owed || s.conn.behind:
	case s.ended:
		s.owed = false
		s.conn.lost()
	default:
		s.owed = false
		s.fed <- struct{}{}
	}
}

// writeLoop ends, and with it the socket, when close was called.
func (s *stream) writeLoop() {
	defer func() { _ = s.nc.Close() }()
	for b := range s.out {
		var err error
		if b == nil {
			s.shutdown()
		} else {
			_, err = s.nc.Write(b)
		}
		if !s.conn.shard.Post(func() { s.written(err) }) {
			return
		}
	}
}

func (s *stream) shutdown() {
	if half, ok := s.nc.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
}

// written runs on the shard.
func (s *stream) written(err error) {
	s.writing = false
	switch {
	case s.closed:
		return
	case err != nil:
		s.conn.broken()
		return
	case len(s.next) > 0:
		s.hand(s.next)
		s.next = nil
	}
	if s.waiting {
		s.waiting = false
		s.conn.writable()
	}
}

func (s *stream) hand(batch []byte) {
	s.writing = true
	s.out <- batch
}

// writev copies what it takes. Without anything to write it asks whether the
// writer is done.
func (s *stream) writev(bufs [][]byte) (n int, err error) {
	for _, b := range bufs {
		take := min(len(b), writeBytes-len(s.next))
		s.next = append(s.next, b[:take]...)
		n += take
		if take < len(b) {
			err = errAgain
			break
		}
	}
	if s.writing {
		if len(bufs) == 0 {
			err = errAgain
		}
		return n, err
	}
	if len(s.next) > 0 {
		s.hand(s.next)
		s.next = nil
	}
	return n, err
}

func (s *stream) awaitWritable() { s.waiting = true }

func (s *stream) setReading(on bool) {
	s.stopped = !on
	s.goOn()
}

func (s *stream) closeWrite() {
	s.writing = true
	s.out <- nil
}

// close leaves the last step to the writer, which may say goodbye (TLS does). A
// write under way is cut off.
func (s *stream) close() {
	s.closed = true
	close(s.fed)
	close(s.out)
	if !s.writing {
		return
	}
	nc := s.nc
	if over, ok := nc.(interface{ NetConn() net.Conn }); ok { // Close of TLS would wait for the write
		nc = over.NetConn()
	}
	_ = nc.Close()
}
