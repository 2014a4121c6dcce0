package crowd

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"parley/loadtest/pause"
)

// Socket is one WebSocket of a client. All of it may be called at any time: what
// has ended takes nothing in.
type Socket interface {
	// Send sends a text frame, or keeps it until the kernel takes it.
	Send(text []byte)
	// Hold stops reading, as a client that is too busy does, until Go.
	Hold()
	// Go goes on reading.
	Go()
	// Leave closes in good order (RFC 6455, section 7.1); Ended follows.
	Leave()
	// Cut drops the connection without a word; Ended does not follow.
	Cut()
}

// Listener is told what happens to a socket. A call that was under way when the
// socket was cut may still come.
type Listener interface {
	// Text is a message, whose payload is valid during the call only.
	Text(k Socket, payload []byte, at time.Time)
	// Pinged is a ping of the server's, which has been answered.
	Pinged(k Socket, at time.Time)
	// Ended is the end of a socket that was not cut, or that never opened: nil after
	// Leave, a websocket.CloseError where the server closed, a *client.Problem where
	// it did not upgrade.
	Ended(k Socket, err error, at time.Time)
}

// Config sets a Crowd up.
type Config struct {
	URLs    []string      // base URLs of the nodes, such as http://127.0.0.1:8080
	Sources []netip.Addr  // local addresses to come from, in turns; none: as many of 127.0.0.0/8 as are needed, on other machines the system's
	Loops   int           // goroutines that serve sockets; 0: one a processor
	Timeout time.Duration // from connect to the end of the handshake; 0: 30 s
	TLS     *tls.Config   // nil: the system's certificates are trusted
	Plain   bool          // goroutines and coder/websocket everywhere
}

const openTimeout = 30 * time.Second

// Counts are what came of a crowd's sockets so far.
type Counts struct {
	Dialed   int64 // sockets ever
	Open     int64 // now, those included that are being opened
	BytesIn  int64 // on epoll sets only, handshakes and headers included
	BytesOut int64 // likewise
	Texts    int64 // messages from the server
	Pings    int64 // of the server's
}

// Crowd is the sockets of one process.
type Crowd struct {
	// static
	cfg   Config
	hosts map[string]host // by base URL
	loops []transport     // none: plain sockets only
	http  *http.Client    // of plain sockets

	counts counters
	ctx    context.Context //nolint:containedctx // the life of plain sockets
	stop   context.CancelFunc
	plains sync.WaitGroup
	closed sync.Once

	mu       sync.Mutex
	sessions []*Session // guarded by mu: all that were ever made
}

type counters struct {
	dialed, open, bytesIn, bytesOut, texts, pings atomic.Int64
}

// transport makes sockets and serves them.
type transport interface {
	dial(at host, source netip.Addr, request handshake, l Listener) (Socket, error)
	close()
}

var (
	errUnknownNode = errors.New("crowd: not one of the crowd's nodes")
	errOver        = errors.New("crowd: it is closed")
)

// New makes a crowd without sockets. ctx bounds the look-up of names only.
func New(ctx context.Context, cfg Config) (*Crowd, error) {
	if cfg.Loops == 0 {
		cfg.Loops = runtime.GOMAXPROCS(0)
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = openTimeout
	}
	c := &Crowd{cfg: cfg, hosts: map[string]host{}}
	for _, base := range cfg.URLs {
		h, err := locate(ctx, base)
		if err != nil {
			return nil, err
		}
		c.hosts[base] = h
	}
	c.ctx, c.stop = context.WithCancel(context.WithoutCancel(ctx))
	c.http = &http.Client{Transport: &http.Transport{TLSClientConfig: cfg.TLS}}
	if cfg.Plain {
		return c, nil
	}
	for range cfg.Loops {
		l, err := newLoop(&c.counts, cfg.Timeout)
		if err != nil {
			c.Close()
			return nil, err
		}
		if l != nil {
			c.loops = append(c.loops, l)
		}
	}
	return c, nil
}

// Dial begins to open a socket; whether it opens, the listener is told. An error
// is of this machine: there is no socket then, nor any call.
func (c *Crowd) Dial(d Dial, l Listener) (Socket, error) {
	at, ok := c.hosts[d.Base]
	if !ok {
		return nil, fmt.Errorf("%w: %q", errUnknownNode, d.Base)
	}
	if c.ctx.Err() != nil {
		return nil, errOver
	}
	nth := c.counts.dialed.Add(1) - 1
	if at.secure || len(c.loops) == 0 {
		return c.dialPlain(at, d, l), nil
	}
	loop := c.loops[int(nth)%len(c.loops)]
	return loop.dial(at, c.source(at, nth), newHandshake(at, d), l)
}

// portsOfAddress is how many sockets are dialed from one source address: Linux
// has 28,232 ephemeral ports for each by default, and keeps those of closed
// sockets back for a minute.
const portsOfAddress = 20_000

// source is where the nth socket comes from; the zero address leaves it to the
// kernel.
func (c *Crowd) source(at host, nth int64) netip.Addr {
	if n := len(c.cfg.Sources); n > 0 {
		return c.cfg.Sources[int(nth)%n]
	}
	block := nth / portsOfAddress
	if block == 0 || !at.addr.Addr().Is4() || !at.addr.Addr().IsLoopback() {
		return netip.Addr{}
	}
	return netip.AddrFrom4([4]byte{127, 1, byte(block >> 8), byte(block)})
}

// Counts are what came until now.
func (c *Crowd) Counts() Counts {
	n := &c.counts
	return Counts{
		Dialed: n.dialed.Load(), Open: n.open.Load(), BytesIn: n.bytesIn.Load(), BytesOut: n.bytesOut.Load(),
		Texts: n.texts.Load(), Pings: n.pings.Load(),
	}
}

// goodbye bounds the wait for the server's close frames.
const goodbye = 10 * time.Second

// Leave has all sessions leave in good order, and waits until they have. Who has not
// after 10 s is left for Close to cut.
func (c *Crowd) Leave() {
	for _, s := range c.all() {
		s.Leave()
	}
	ctx, cancel := context.WithTimeout(context.Background(), goodbye)
	defer cancel()
	_ = pause.Poll(ctx, func() bool { return c.Counts().Open == 0 })
}

func (c *Crowd) all() []*Session {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.sessions)
}

// Close ends every session, cuts every socket and waits until no listener is called
// any more. It may be called again.
func (c *Crowd) Close() {
	c.closed.Do(func() {
		for _, s := range c.all() {
			s.Abandon()
		}
		c.stop()
		for _, l := range c.loops {
			l.close()
		}
		c.plains.Wait()
		c.http.CloseIdleConnections()
	})
}
