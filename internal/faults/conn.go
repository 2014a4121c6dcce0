package faults

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"
)

// Direction is one of the two ways of a connection.
type Direction int

// Directions.
const (
	Up   Direction = iota // from the client to the server
	Down                  // from the server to the client
)

var errEnded = errors.New("faults: the connection has ended")

// Conn is one connection of a client with the server.
type Conn struct {
	// static
	client, server *net.TCPConn
	pipes          [2]*pipe      // by Direction
	done           chan struct{} // closed when both sockets are closed

	mu      sync.Mutex
	changed chan struct{} // guarded by mu: closed when anything below changes
	state   state         // guarded by mu
	code    int           // guarded by mu: of the server's close frame
}

// state is what has become of a connection.
type state int

const (
	open  state = iota
	ended       // both directions have been closed by those who send
	half        // the client is gone, and the server does not know
	over        // both sockets are closed
)

// bufferSize bounds what the kernel keeps for each socket, in bytes: what a side
// does not take in is soon felt by the other.
const bufferSize = 64 << 10

func newConn(client, server *net.TCPConn) *Conn {
	c := &Conn{client: client, server: server, done: make(chan struct{}), changed: make(chan struct{})}
	c.pipes[Up] = &pipe{conn: c, from: client, to: server}
	c.pipes[Down] = &pipe{conn: c, from: server, to: client}
	for _, k := range []*net.TCPConn{client, server} {
		_ = k.SetReadBuffer(bufferSize) // as the kernel likes
	}
	return c
}

// run passes bytes until the connection is over.
func (c *Conn) run() {
	var both sync.WaitGroup
	both.Go(c.pipes[Up].run)
	both.Go(c.pipes[Down].run)
	both.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.become(over) {
		_ = c.client.Close() // in good order: what was passed on arrives
		_ = c.server.Close()
		close(c.done)
	}
}

// Done is closed when both sockets are closed.
func (c *Conn) Done() <-chan struct{} { return c.done }

// Cut resets both sockets (RFC 9293, section 3.10.7): what is under way is lost.
func (c *Conn) Cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.become(over) {
		reset(c.client)
		reset(c.server)
		close(c.done)
	}
}

// CutClean ends both directions with a FIN, as a proxy that restarts does: there
// is no close frame, and what either side says from now on is lost. The connection
// is over when both sides have closed it.
func (c *Conn) CutClean() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.become(ended) {
		_ = c.client.CloseWrite() // it may have gone
		_ = c.server.CloseWrite()
	}
}

// HalfOpen resets the client's socket and keeps the server's, which is to see
// nothing of it: what it sends is taken in and lost. The connection is over when
// the server closes it.
func (c *Conn) HalfOpen() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.become(half) {
		reset(c.client)
	}
}

// become moves on to a state, or not if that is past. c.mu is held.
func (c *Conn) become(next state) bool {
	if c.state >= next {
		return false
	}
	c.state = next
	c.change()
	return true
}

// change wakes those who wait for a change. c.mu is held.
func (c *Conn) change() {
	close(c.changed)
	c.changed = make(chan struct{})
}

// CloseCode waits for the server's close frame and returns its status (RFC 6455,
// section 7.4), 1005 if it has none. It sees frames that the client does not.
func (c *Conn) CloseCode(ctx context.Context) (int, error) {
	for {
		c.mu.Lock()
		code, changed, state := c.code, c.changed, c.state
		c.mu.Unlock()
		switch {
		case code != 0:
			return code, nil
		case state == over:
			return 0, errEnded
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}

// Messages is how many text and binary frames have begun to pass in a direction.
func (c *Conn) Messages(d Direction) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.pipes[d].messages
}

// Stall holds back what is sent in the directions that are true, from the next
// byte on, and lets the others go.
func (c *Conn) Stall(up, down bool) {
	c.set(func() { c.pipes[Up].stalled, c.pipes[Down].stalled = up, down })
}

// Go ends a Stall.
func (c *Conn) Go() { c.Stall(false, false) }

// Delay has what is read in either direction wait before it is passed on. The
// order stays.
func (c *Conn) Delay(d time.Duration) {
	c.set(func() { c.pipes[Up].delay, c.pipes[Down].delay = d, d })
}

// SlowRead has the client get at most n bytes at a time, one piece each
// millisecond. 0: as they come.
func (c *Conn) SlowRead(n int) {
	c.set(func() { c.pipes[Down].piece = n })
}

// At has act run when the k-th message that begins from now on in a direction is
// at a place; 1 is the next. Nothing passes in that direction until it returns.
func (c *Conn) At(d Direction, k int, place Place, act func()) {
	c.set(func() {
		p := c.pipes[d]
		p.marks = append(p.marks, mark{message: p.messages + k, place: place, act: act})
	})
}

// AfterBytes has act run when n more bytes have passed in a direction. Nothing
// passes in that direction until it returns.
func (c *Conn) AfterBytes(d Direction, n int64, act func()) {
	c.set(func() {
		p := c.pipes[d]
		p.marks = append(p.marks, mark{bytes: p.bytes + n, act: act})
	})
}

// ResetAfter cuts the connection when exactly n more bytes have passed in a
// direction.
func (c *Conn) ResetAfter(n int64, d Direction) { c.AfterBytes(d, n, c.Cut) }

func (c *Conn) set(change func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change()
	c.change()
}

// reset closes a socket so that its peer sees a reset.
func reset(k *net.TCPConn) {
	_ = k.SetLinger(0) // either fails where it is closed already
	_ = k.Close()
}
