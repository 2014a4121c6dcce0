package faults

import (
	"context"
	"fmt"
	"net"
	"sync"
)

// mostConns bounds the connections that a proxy has open at once.
const mostConns = 4096

// Proxy passes connections on to one server.
type Proxy struct {
	// static
	target   string
	listener *net.TCPListener
	accepted func(*Conn)
	work     sync.WaitGroup // the listener's goroutine and the connections'

	mu      sync.Mutex
	conns   map[*Conn]struct{} // guarded by mu: those that are open
	current *Conn              // guarded by mu: the newest
	closed  bool               // guarded by mu
}

// New starts a proxy to the server at target, a host:port. accepted is called
// with each connection before its first byte is passed on, from any goroutine;
// it must not wait. nil: nobody is told.
func New(target string, accepted func(*Conn)) (*Proxy, error) {
	l, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, fmt.Errorf("faults: %w", err)
	}
	p := &Proxy{target: target, listener: l, accepted: accepted, conns: make(map[*Conn]struct{})}
	p.work.Go(p.listen)
	return p, nil
}

// Addr is the host:port that clients connect to.
func (p *Proxy) Addr() string { return p.listener.Addr().String() }

// Current is the connection that was accepted last, nil before the first. It may
// have ended.
func (p *Proxy) Current() *Conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.current
}

// Close cuts all connections and returns when all goroutines of the proxy have
// ended.
func (p *Proxy) Close() {
	p.mu.Lock()
	p.closed = true
	open := make([]*Conn, 0, len(p.conns))
	for c := range p.conns {
		open = append(open, c)
	}
	p.mu.Unlock()
	_ = p.listener.Close() // a second time is no harm
	for _, c := range open {
		c.Cut()
	}
	p.work.Wait()
}

func (p *Proxy) listen() {
	for {
		client, err := p.listener.AcceptTCP()
		if err != nil {
			_ = p.listener.Close() // so that nobody waits to be accepted
			return
		}
		p.work.Go(func() { p.connect(client) })
	}
}

// connect finds a client its server. A server that is not there is to the client
// as one that resets.
func (p *Proxy) connect(client *net.TCPConn) {
	upstream, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", p.target)
	if err != nil {
		reset(client)
		return
	}
	server, ok := upstream.(*net.TCPConn)
	if !ok {
		_ = upstream.Close()
		reset(client)
		return
	}
	c := newConn(client, server)
	if !p.admit(c) {
		c.Cut()
		return
	}
	if p.accepted != nil {
		p.accepted(c)
	}
	c.run()
	p.mu.Lock()
	delete(p.conns, c)
	p.mu.Unlock()
}

func (p *Proxy) admit(c *Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || len(p.conns) >= mostConns {
		return false
	}
	p.conns[c] = struct{}{}
	p.current = c
	return true
}
