package faults

import (
	"errors"
	"io"
	"net"
	"slices"
	"time"
)

// pieceTime is the time between the pieces of a slow reader.
const pieceTime = time.Millisecond

// settleTime is the time between looks at whether bytes have arrived.
const settleTime = 100 * time.Microsecond

// pipe is one direction of a connection.
type pipe struct {
	// static
	conn     *Conn
	from, to *net.TCPConn

	// owned by the pipe's goroutine
	scan scanner

	// guarded by conn.mu
	stalled  bool
	delay    time.Duration
	piece    int // most bytes at a time, 0: any
	bytes    int64
	messages int
	marks    []mark
}

// mark is a place at which a test wants to act.
type mark struct {
	message int // 0: it is a number of bytes
	place   Place
	bytes   int64
	act     func()
}

// run passes bytes on until one side ends.
func (p *pipe) run() {
	buf := make([]byte, 16<<10)
	for {
		n, err := p.from.Read(buf)
		if n > 0 && !p.pass(buf[:n]) {
			return
		}
		if err != nil {
			p.finish(err)
			return
		}
	}
}

// finish tells the other side that this one has ended, in the way it did.
func (p *pipe) finish(err error) {
	now := p.state()
	switch {
	case now == half && p.to == p.conn.server:
		return // the server is not to know
	case now == open && errors.Is(err, io.EOF):
		_ = p.to.CloseWrite() // it may have gone
	case now == ended && errors.Is(err, io.EOF):
	default:
		p.conn.Cut()
	}
}

func (p *pipe) state() state {
	p.conn.mu.Lock()
	defer p.conn.mu.Unlock()
	return p.conn.state
}

// pass passes bytes on, and returns false when the connection is over.
func (p *pipe) pass(b []byte) bool {
	if !p.wait(p.latency()) {
		return false
	}
	for len(b) > 0 {
		n, place := p.scan.advance(b)
		if place == Before && !p.arrive(place) {
			return false
		}
		if n > 0 && !p.send(b[:n]) {
			return false
		}
		if place != Before && !p.arrive(place) {
			return false
		}
		b = b[n:]
	}
	return true
}

func (p *pipe) latency() time.Duration {
	p.conn.mu.Lock()
	defer p.conn.mu.Unlock()
	return p.delay
}

// wait waits, or returns false when the connection is over before.
func (p *pipe) wait(d time.Duration) bool {
	if d == 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-p.conn.done:
		return false
	}
}

// send writes bytes, or drops them where nobody is to get them. It returns false
// when the connection is over.
func (p *pipe) send(b []byte) bool {
	for len(b) > 0 {
		p.reach() // a mark may be where the stream stands
		n, drop, ok := p.next(len(b))
		if !ok {
			return false
		}
		if !drop {
			if _, err := p.to.Write(b[:n]); err != nil && p.state() == open {
				p.conn.Cut() // the other side has gone
			}
		}
		b = b[n:]
		p.reach()
	}
	return true
}

// next waits until bytes may pass, counts them, and returns how many of n they
// are, and whether they are to be dropped.
func (p *pipe) next(n int) (allowed int, drop, ok bool) {
	c := p.conn
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.state == open && p.stalled {
		changed := c.changed
		c.mu.Unlock()
		<-changed
		c.mu.Lock()
	}
	if p.piece > 0 && c.state == open {
		n = min(n, p.piece)
		c.mu.Unlock()
		p.wait(pieceTime)
		c.mu.Lock()
	}
	for _, m := range p.marks {
		if m.message == 0 {
			n = int(min(int64(n), max(m.bytes-p.bytes, 0)))
		}
	}
	p.bytes += int64(n)
	return n, c.state != open, c.state != over
}

// reach acts where a number of bytes has passed.
func (p *pipe) reach() {
	p.conn.mu.Lock()
	due := p.due(func(m mark) bool { return m.message == 0 && m.bytes <= p.bytes })
	p.conn.mu.Unlock()
	p.act(due)
}

// arrive acts at a place of a message, and takes note of a close frame. It
// returns false when the connection is over.
func (p *pipe) arrive(place Place) bool {
	c := p.conn
	c.mu.Lock()
	p.messages = p.scan.messages
	due := p.due(func(m mark) bool { return place != nowhere && m.message == p.messages && m.place == place })
	if p.from == c.server && c.code != p.scan.code && p.scan.part == inHeader {
		c.code = p.scan.code
		c.change()
	}
	c.mu.Unlock()
	p.act(due)
	return p.state() != over
}

// due takes the marks that are reached. conn.mu is held.
func (p *pipe) due(reached func(mark) bool) (due []mark) {
	p.marks = slices.DeleteFunc(p.marks, func(m mark) bool {
		if reached(m) {
			due = append(due, m)
			return true
		}
		return false
	})
	return due
}

// act does what is due, once what was passed before has arrived.
func (p *pipe) act(due []mark) {
	if len(due) == 0 {
		return
	}
	for !arrived(p.to) {
		if !p.wait(settleTime) {
			return
		}
	}
	for _, m := range due {
		m.act()
	}
}
