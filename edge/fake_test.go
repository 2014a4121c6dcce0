package edge

import "time"

// newTestConn is a connection on a shard that has no goroutine: the test takes
// the turns.
func newTestConn(cfg Config) (*Conn, *fakeSocket) {
	s, err := newShard(&Edge{cfg: cfg.withDefaults(), empty: make(chan struct{}, 1)}, 0)
	if err != nil {
		panic(err)
	}
	s.poll.close()
	s.poll = noPoller{}
	s.sockets.Store(1)
	sock := &fakeSocket{}
	c := &Conn{shard: s, sock: sock, slot: -1}
	c.handler = &listener{}
	return c, sock
}

// turn is a turn of the loop without anything from the poller.
func (s *Shard) turn() {
	s.budget.begin()
	s.takeTurn()
}

type noPoller struct{}

func (noPoller) wait(time.Time) error { return nil }
func (noPoller) accept()              {}
func (noPoller) wake()                {}
func (noPoller) close()               {}

// fakeSocket keeps what is written to it, if it is told to.
type fakeSocket struct {
	written []byte
	keep    bool
	blocked bool
	closed  bool
}

func (f *fakeSocket) writev(bufs [][]byte) (n int, err error) {
	if f.blocked {
		return 0, errAgain
	}
	for _, b := range bufs {
		n += len(b)
		if f.keep {
			f.written = append(f.written, b...)
		}
	}
	return n, nil
}

func (*fakeSocket) awaitWritable()  {}
func (*fakeSocket) setReading(bool) {}
func (*fakeSocket) closeWrite()     {}
func (f *fakeSocket) close()        { f.closed = true }

// stingySocket takes a given number of bytes, or fails.
type stingySocket struct {
	fakeSocket
	room int
	err  error
}

func (s *stingySocket) writev(bufs [][]byte) (n int, err error) {
	if s.err != nil {
		return 0, s.err
	}
	for _, b := range bufs {
		take := min(len(b), s.room)
		s.room -= take
		n += take
		s.written = append(s.written, b[:take]...)
	}
	if n == 0 {
		return 0, errAgain
	}
	return n, nil
}

// listener keeps the messages that it is given, if it is told to.
type listener struct {
	keep     bool
	messages []string
	closed   []Closure
}

func (l *listener) Receive(payload []byte) {
	if l.keep {
		l.messages = append(l.messages, string(payload))
	}
}

func (*listener) Drained()           {}
func (l *listener) Closed(c Closure) { l.closed = append(l.closed, c) }
