package edge

import (
	"bytes"
	"errors"
	"io"
	"sync/atomic"
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
	beat, limit int32 // heartbeat and deadline, in ticks
	done        chan struct{}

	mail    mailbox // any goroutine's
	sockets atomic.Int64

	// owned by the shard's goroutine
	wheel       *wheel
	pool        pool
	budget      budget
	dirty       []*Conn // to be flushed, the first of them at the end of the turn
	wide        []*Conn // the same, of large groups
	behind      []*Conn // with received bytes that an earlier turn had no time for
	spareBehind []*Conn
	ended       []*Conn  // whose Handler.Closed is due
	deferred    []func() // for the end of the turn, before what waits is written
	after       []afterwards
	marked      int      // sockets that were put in dirty, ever
	flushed     int      // and that were taken out
	due         []func() // of the shard's own, for the next turn
	posted      []func() // taken from the mailbox; from first on to be run
	first       int
	next        time.Time // of the wheel's next tick
	iov         [][]byte
	buf         []byte // what a socket's bytes are read into
	head        bytes.Reader
	headBuf     [ws.MaxHeaderSize]byte
	stopped     bool

	inflater *inflater // of all the shard's sockets; nil until one needs it
}

// poller is how a shard sleeps and learns of its sockets' readiness.
type poller interface {
	// wait sleeps until something is ready, wake was called, or the time has come,
	// and calls feed, lost and writable of the sockets concerned. With the zero
	// time it does not sleep.
	wait(until time.Time) error
	// accept queues new connections for the next wait.
	accept()
	wake()
	close()
}

func newShard(e *Edge, id int) (*Shard, error) {
	tick := min(time.Second, max(10*time.Millisecond, e.cfg.Heartbeat/16))
	s := &Shard{
		edge: e, id: id, began: time.Now(), tick: tick,
		done: make(chan struct{}),
		iov:  make([][]byte, 0, maxVectors),
		buf:  make([]byte, readBuffer),
	}
	s.beat, s.limit = s.ticks(e.cfg.Heartbeat), s.ticks(e.cfg.deadline())
	s.next = s.began.Add(tick)
	s.wheel = newWheel(int(max(s.limit, s.ticks(e.cfg.CloseTimeout))) + 2)
	var err error
	s.poll, err = newPoller(s)
	return s, err
}

// ticks is d in ticks of the wheel, rounded up.
func (s *Shard) ticks(d time.Duration) int32 { return int32((d + s.tick - 1) / s.tick) }

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

// Sockets is how many sockets the shard has. Any goroutine may ask.
func (s *Shard) Sockets() int { return int(s.sockets.Load()) }

// later runs fn on the shard's goroutine, which calls it, in the next turn.
func (s *Shard) later(fn func()) { s.due = append(s.due, fn) }

// attach makes a newcomer the shard's own. Its handler is made on the shard's
// goroutine; a refused socket is only closed. The answer to the handshake goes
// out with what the handler sends first.
func (s *Shard) attach(n newcomer, counted *addressCount) {
	c := &Conn{shard: s, address: counted, slot: -1, seen: s.wheel.now, deflate: n.admission.Deflate}
	var err error
	if c.sock, err = n.via.transport(c); err != nil {
		s.edge.cfg.Logger.Warn("edge: socket not registered", "err", err)
		s.edge.addresses.release(counted)
		return
	}
	s.sockets.Add(1)
	s.edge.cfg.Meter.Opened()
	c.queue(verbatim(n.answer))
	if a := &n.admission; a.Close.Code != 0 {
		c.end(a.Close)
	} else {
		s.wheel.schedule(c, jitter(s.beat))
		c.handler = a.Open(c)
	}
	if len(n.early) > 0 {
		c.feed(n.early)
	}
}

// forget is the end of a socket that attach began.
func (s *Shard) forget(c *Conn) {
	s.edge.addresses.release(c.address)
	if s.sockets.Add(-1) == 0 {
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
