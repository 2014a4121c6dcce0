package crowd

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/coder/websocket"

	"parley/loadtest/client"
	"parley/loadtest/wire"
)

// plainSocket is a WebSocket on two goroutines of its own.
type plainSocket struct {
	// static
	crowd    *Crowd
	listener Listener
	ctx      context.Context //nolint:containedctx // the socket's life
	stop     context.CancelFunc
	out      chan []byte

	mu      sync.Mutex
	cut     bool          // guarded by mu
	leaving bool          // guarded by mu
	gate    chan struct{} // guarded by mu: nil, or closed when reading goes on
}

// mostQueued is how many frames wait for a server that does not read.
const mostQueued = 1024

// dialPlain opens a socket on goroutines.
func (c *Crowd) dialPlain(at host, d Dial, l Listener) Socket {
	k := &plainSocket{crowd: c, listener: l, out: make(chan []byte, mostQueued)}
	k.ctx, k.stop = context.WithCancel(c.ctx)
	c.counts.open.Add(1)
	c.plains.Go(func() {
		defer c.counts.open.Add(-1)
		defer k.stop()
		err := k.run(at, d)
		if told, leaving := k.how(); !told {
			if leaving {
				err = nil
			}
			l.Ended(k, err, time.Now())
		}
	})
	return k
}

// run lives from the handshake to the end.
func (k *plainSocket) run(at host, d Dial) error {
	scheme := "ws://"
	if at.secure {
		scheme = "wss://"
	}
	ctx, cancel := context.WithTimeout(k.ctx, k.crowd.cfg.Timeout)
	conn, res, err := websocket.Dial(ctx, scheme+at.name+at.prefix+d.Path, &websocket.DialOptions{
		HTTPClient: k.crowd.http,
		HTTPHeader: http.Header{"Authorization": {"Token " + d.Token}},
		OnPingReceived: func(context.Context, []byte) bool {
			k.crowd.counts.pings.Add(1)
			k.listener.Pinged(k, time.Now())
			return true
		},
	})
	cancel()
	if res != nil && res.Body != nil {
		_ = res.Body.Close() // of an answer that is no upgrade
	}
	if err != nil {
		if res != nil && res.StatusCode != http.StatusSwitchingProtocols {
			return &client.Problem{Status: res.StatusCode, Title: res.Status, Detail: "instead of an upgrade", Header: res.Header}
		}
		return err
	}
	defer func() { _ = conn.CloseNow() }()
	conn.SetReadLimit(wire.MostPayload)
	var writer sync.WaitGroup
	writer.Go(func() { k.write(conn) })
	defer writer.Wait()
	defer k.stop()
	for {
		k.pass()
		_, text, err := conn.Read(k.ctx)
		if err != nil {
			return err
		}
		k.crowd.counts.texts.Add(1)
		k.listener.Text(k, text, time.Now())
	}
}

// write sends what is queued; a nil frame closes in good order.
func (k *plainSocket) write(conn *websocket.Conn) {
	for {
		select {
		case text := <-k.out:
			if text == nil {
				_ = conn.Close(websocket.StatusNormalClosure, "") // the reader tells
				return
			}
			if conn.Write(k.ctx, websocket.MessageText, text) != nil {
				return // likewise
			}
		case <-k.ctx.Done():
			return
		}
	}
}

// pass waits while the socket is held.
func (k *plainSocket) pass() {
	k.mu.Lock()
	gate := k.gate
	k.mu.Unlock()
	if gate == nil {
		return
	}
	select {
	case <-gate:
	case <-k.ctx.Done():
	}
}

func (k *plainSocket) how() (cut, leaving bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.cut || k.crowd.ctx.Err() != nil, k.leaving
}

// Send implements Socket.
func (k *plainSocket) Send(text []byte) { k.post(append([]byte{}, text...)) }

func (k *plainSocket) post(text []byte) {
	select {
	case k.out <- text:
	default:
		k.stop() // the server does not read
	}
}

// Hold implements Socket.
func (k *plainSocket) Hold() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.gate == nil {
		k.gate = make(chan struct{})
	}
}

// Go implements Socket.
func (k *plainSocket) Go() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.gate != nil {
		close(k.gate)
		k.gate = nil
	}
}

// Leave implements Socket.
func (k *plainSocket) Leave() {
	k.Go()
	k.mu.Lock()
	k.leaving = true
	k.mu.Unlock()
	k.post(nil)
}

// Cut implements Socket.
func (k *plainSocket) Cut() {
	k.mu.Lock()
	k.cut = true
	k.mu.Unlock()
	k.stop()
}
