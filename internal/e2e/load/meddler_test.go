package load

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"
)

// meddler stands before a node and spoils what it sends: a server that breaks its
// promises. What is nil passes as it is, and so does all that clients send.
type meddler struct {
	meddles func() meddle               // one for each socket
	refuse  func(handshake string) bool // of the handshake's URI: whether it is answered 503
	deaf    bool                        // the node's pings go no further
	spoilt  atomic.Int64                // frames that meddles have spoilt
	sockets sync.WaitGroup
}

// meddle decides what becomes of the frames that a node sends over one socket: it
// returns those that go out in the place of the one that came. It is called in order.
type meddle func(frame string) []string

// start has the meddler stand before a node, and returns where clients find it.
func (m *meddler) start(t *testing.T, node string) string {
	t.Helper()
	backend, err := url.Parse(node)
	require.NoError(t, err)
	rest := httputil.NewSingleHostReverseProxy(backend)
	hop := &http.Transport{}
	rest.Transport = hop
	t.Cleanup(hop.CloseIdleConnections)
	t.Cleanup(m.sockets.Wait)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !strings.HasPrefix(r.URL.Path, "/ws/"):
			rest.ServeHTTP(w, r)
		case m.refuse != nil && m.refuse(r.URL.RequestURI()):
			w.WriteHeader(http.StatusServiceUnavailable)
		default:
			m.sockets.Add(1)
			defer m.sockets.Done()
			m.carry(w, r, node)
		}
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// carry is one socket on its way through.
func (m *meddler) carry(w http.ResponseWriter, r *http.Request, node string) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.Context()))
	var ways sync.WaitGroup
	defer ways.Wait()
	defer cancel()
	var in *websocket.Conn // there before the node is read
	out, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(node, "http")+r.URL.RequestURI(), &websocket.DialOptions{
		HTTPHeader: http.Header{"Authorization": r.Header["Authorization"]},
		OnPingReceived: func(context.Context, []byte) bool {
			if !m.deaf {
				ways.Go(func() { _ = in.Ping(ctx) }) // it waits for the pong
			}
			return true
		},
	})
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer func() { _ = out.CloseNow() }()
	if in, err = websocket.Accept(w, r, nil); err != nil {
		return
	}
	defer func() { _ = in.CloseNow() }()
	in.SetReadLimit(-1)
	out.SetReadLimit(-1)
	pass := func(frame string) []string { return []string{frame} }
	back := meddle(pass)
	if m.meddles != nil {
		back = m.meddles()
	}
	ways.Go(func() { defer cancel(); pump(ctx, in, out, pass) })
	pump(ctx, out, in, back)
}

func pump(ctx context.Context, from, to *websocket.Conn, m meddle) {
	for {
		_, b, err := from.Read(ctx)
		if err != nil {
			if code := websocket.CloseStatus(err); code > 0 {
				_ = to.Close(code, "")
			}
			return
		}
		for _, f := range m(string(b)) {
			if to.Write(ctx, websocket.MessageText, []byte(f)) != nil {
				return
			}
		}
	}
}

// nth spoils the nth frame of each socket that holds a text.
func (m *meddler) nth(n int, text string, spoil func(frame string) []string) *meddler {
	m.meddles = func() meddle {
		seen := 0
		return func(frame string) []string {
			if !strings.Contains(frame, text) {
				return []string{frame}
			}
			if seen++; seen != n {
				return []string{frame}
			}
			m.spoilt.Add(1)
			return spoil(frame)
		}
	}
	return m
}

// every spoils every nth frame of all sockets' that holds a text.
func (m *meddler) every(n int64, text string, spoil func(frame string) []string) *meddler {
	var seen atomic.Int64
	m.meddles = func() meddle {
		return func(frame string) []string {
			if !strings.Contains(frame, text) || seen.Add(1)%n != 0 {
				return []string{frame}
			}
			m.spoilt.Add(1)
			return spoil(frame)
		}
	}
	return m
}

// swap holds the nth frame of each socket that holds a text back until the next such
// one has gone out.
func (m *meddler) swap(n int, text string) *meddler {
	m.meddles = func() meddle {
		seen, held := 0, ""
		return func(frame string) []string {
			if !strings.Contains(frame, text) {
				return []string{frame}
			}
			switch seen++; seen {
			case n:
				held = frame
				return nil
			case n + 1:
				m.spoilt.Add(1)
				return []string{frame, held}
			}
			return []string{frame}
		}
	}
	return m
}

// without never lets a frame through that holds a text.
func (m *meddler) without(text string) *meddler {
	m.meddles = func() meddle {
		return func(frame string) []string {
			if strings.Contains(frame, text) {
				m.spoilt.Add(1)
				return nil
			}
			return []string{frame}
		}
	}
	return m
}

func lose(string) []string         { return nil }
func double(frame string) []string { return []string{frame, frame} }
func change(from, to string) func(frame string) []string {
	return func(frame string) []string { return []string{strings.Replace(frame, from, to, 1)} }
}
