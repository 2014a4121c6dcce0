package edge

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/netip"
	"time"

	"github.com/gobwas/ws"
)

// Shard is one goroutine that owns sockets: it sleeps in the poller, and each
// turn reads what is readable, runs what was posted, moves its timers and
// writes what waits.
type Shard struct {
	// static after construction
	edge        *Edge
	id          int
	poll        poller
	began       time.Time
	tick        time.Duration
	beat, limit int64 // heartbeat and deadline, in ticks
	done        chan struct{}

	mail mailbox // any goroutine's

	// owned by the shard's goroutine
	wheel   *wheel
	conns   int
	dirty   []*Conn // to be flushed at the end of the turn
	ended   []*Conn // whose Handler.Closed is due
	posted  []func()
	queues  [][]*Frame // spare outboxes
	next    time.Time  // of the wheel's next tick
	iov     [][]byte
	buf     []byte // what a socket's bytes are read into
	head    bytes.Reader
	headBuf [ws.MaxHeaderSize]byte
	stopped bool
}

// poller is how a shard sleeps and learns of its sockets' readiness.
type poller interface {
	// wait sleeps until something is ready, wake was called, or the time is up,
	// and calls feed, lost and writable of the sockets concerned.
	wait(most time.Duration) error
	wake()
	close()
}

func newShard(e *Edge, id int) (*Shard, error) {
	tick := min(time.Second, max(10*time.Millisecond, e.cfg.Heartbeat/16))
	s := &Shard{
		edge: e, id: id, began: time.Now(), tick: tick,
		done: make(chan struct{}),
		iov:  make([][]byte, 0, 64),
		buf:  make([]byte, 64<<10),
	}
	s.beat, s.limit = s.ticks(e.cfg.Heartbeat), s.ticks(e.cfg.deadline())
	s.next = s.began.Add(tick)
	s.wheel = newWheel(int(max(s.limit, s.ticks(e.cfg.CloseTimeout))) + 2)
	var err error
	s.poll, err = newPoller(s)
	return s, err
}

// ticks is d in ticks of the wheel, rounded up.
func (s *Shard) ticks(d time.Duration) int64 { return int64((d + s.tick - 1) / s.tick) }

// ID is the shard's number, from 0.
func (s *Shard) ID() int { return s.id }

// Post runs fn on the shard's goroutine, after all that was posted before.
// It never blocks and may be called from any goroutine, the shard's too; it
// reports false, and fn never runs, once the shard has stopped.
func (s *Shard) Post(fn func()) bool {
	ok, wake := s.mail.put(fn)
	if wake {
		s.poll.wake()
	}
	return ok
}

// Depth is how many posted functions wait. Any goroutine may ask.
func (s *Shard) Depth() int { return s.mail.depth() }

// run is the shard's goroutine.
func (s *Shard) run() {
	defer close(s.done)
	for !s.stopped {
		if err := s.poll.wait(s.untilTick()); err != nil {
			s.edge.cfg.Logger.Error("edge: poller failed", "shard", s.id, "err", err)
			s.stopped = true
		}
		s.runPosted()
		s.runTimers()
		s.settle()
	}
	for _, fn := range s.mail.close() {
		fn()
	}
	s.giveUp()
	s.poll.close()
}

// giveUp closes the sockets that are left when the shard ends.
func (s *Shard) giveUp() {
	s.settle()
	for _, c := range s.wheel.slots {
		for c != nil {
			next := c.next
			c.lost()
			c = next
		}
	}
	s.settle()
}

func (s *Shard) untilTick() time.Duration {
	return max(0, time.Until(s.next))
}

func (s *Shard) runPosted() {
	s.posted = s.mail.take(s.posted)
	for i, fn := range s.posted {
		s.posted[i] = nil
		fn()
	}
	if cap(s.posted) > 4096 { // a burst must not be paid for ever after
		s.posted = nil
	}
}

// runTimers moves the wheel by one tick at most: time in which the shard, or the
// whole machine, stood still is nobody's silence.
func (s *Shard) runTimers() {
	now := time.Now()
	if now.Before(s.next) {
		return
	}
	s.wheel.tick((*Conn).check)
	if s.next = s.next.Add(s.tick); s.next.Before(now) {
		s.next = now.Add(s.tick)
	}
}

// settle tells handlers of ended sockets and writes what waits, until neither
// leads to more of the other.
func (s *Shard) settle() {
	for len(s.ended) > 0 || len(s.dirty) > 0 {
		for i := 0; i < len(s.ended); i++ {
			c := s.ended[i]
			s.ended[i] = nil
			s.edge.cfg.Meter.Closed(c.closure.Code)
			if c.handler != nil {
				c.handler.Closed(c.closure)
			}
		}
		s.ended = s.ended[:0]
		dirty := s.dirty
		s.dirty = nil
		for i, c := range dirty {
			dirty[i] = nil
			c.flush()
		}
		if s.dirty == nil {
			s.dirty = dirty[:0]
		}
	}
}

// attach makes a socket the shard's own: open is called on the shard's
// goroutine and returns the socket's handler; a refused socket is only closed.
func (s *Shard) attach(nc net.Conn, a Admission, addr netip.Addr, early []byte) {
	c := &Conn{shard: s, address: addr, slot: -1, seen: s.wheel.now}
	var err error
	if c.sock, err = newTransport(c, nc); err != nil {
		s.edge.cfg.Logger.Warn("edge: socket not registered", "err", err)
		s.edge.addresses.release(addr)
		return
	}
	s.conns++
	s.edge.cfg.Meter.Opened()
	if a.Close.Code != 0 {
		c.end(a.Close)
		return
	}
	s.wheel.schedule(c, jitter(s.beat))
	c.handler = a.Open(c)
	if len(early) > 0 {
		c.feed(early)
	}
}

// forget is the end of a socket that attach began.
func (s *Shard) forget(c *Conn) {
	s.conns--
	s.edge.addresses.release(c.address)
	if s.conns == 0 {
		s.edge.shardEmpty()
	}
}

// header parses a frame's header (RFC 6455, section 5.2) at the start of data;
// its size is 0 if it is not complete.
func (s *Shard) header(data []byte) (h ws.Header, size int, err error) {
	s.head.Reset(data)
	h, err = ws.ReadHeaderBuffer(&s.head, s.headBuf[:0])
	switch {
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return h, 0, nil
	case err != nil:
		return h, 0, err
	}
	return h, len(data) - s.head.Len(), nil
}

func (s *Shard) spareQueue() []*Frame {
	if n := len(s.queues); n > 0 {
		q := s.queues[n-1]
		s.queues = s.queues[:n-1]
		return q
	}
	return make([]*Frame, 0, 4)
}

func (s *Shard) recycleQueue(q []*Frame) {
	if cap(q) > 0 && cap(q) <= 16 && len(s.queues) < 4096 {
		s.queues = append(s.queues, q[:0])
	}
}
