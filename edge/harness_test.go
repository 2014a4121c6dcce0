package edge_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"parley/edge"
)

// patience bounds every wait that only a failure would use up.
const patience = 10 * time.Second

// medium is one way in which bytes reach the edge. Every test runs on each.
type medium struct {
	name   string
	listen func(net.Listener) net.Listener
	dial   func(net.Conn) net.Conn
	prompt bool // the gate of serve decides on the shard
}

func media() []medium {
	keep := func(l net.Listener) net.Listener { return l }
	plain := func(c net.Conn) net.Conn { return c }
	cfg := certified()
	under := func(l net.Listener) net.Listener { return edge.NewTLSListener(l, cfg) }
	upTo := func(version uint16) func(net.Conn) net.Conn {
		client := &tls.Config{InsecureSkipVerify: true, MaxVersion: version}
		return func(c net.Conn) net.Conn { return tls.Client(c, client) }
	}
	return []medium{
		{"tcp", keep, plain, false},
		{"prompt", keep, plain, true},
		{"stream", func(l net.Listener) net.Listener { return opaque{l} }, plain, false},
		{"tls", under, upTo(tls.VersionTLS13), false},
		{"tls 1.2", under, upTo(tls.VersionTLS12), false},
	}
}

// certified is a server's side of TLS.
func certified() *tls.Config {
	cert := httptest.NewUnstartedServer(nil)
	cert.StartTLS()
	defer cert.Close()
	cfg := cert.TLS.Clone()
	cfg.NextProtos = []string{"http/1.1"}
	return cfg
}

// onEach runs a test once a medium, all at the same time.
func onEach(t *testing.T, test func(t *testing.T, m medium)) {
	t.Helper()
	t.Parallel()
	for _, m := range media() {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			test(t, m)
		})
	}
}

// opaque hides that its connections are TCP.
type opaque struct{ net.Listener }

func (o opaque) Accept() (net.Conn, error) {
	c, err := o.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return opaqueConn{c}, nil
}

type opaqueConn struct{ net.Conn }

func (o opaqueConn) CloseWrite() error { return o.Conn.(*net.TCPConn).CloseWrite() }

// server is an edge behind a real listener.
type server struct {
	*edge.Edge
	t      *testing.T
	medium medium
	addr   string
	http   *http.Server
	meter  *meter
	opened chan *socket // each socket that the gate let in

	mu      sync.Mutex
	sockets []*socket // guarded by mu
}

// serve starts an edge. behave, where set, gives each socket its behaviour
// before anything is received. At the test's end every socket must have been
// told once, and only once, that it is closed.
func serve(t *testing.T, m medium, cfg edge.Config, behave func(*socket)) *server {
	t.Helper()
	s := &server{t: t, medium: m, opened: make(chan *socket, 4096)}
	gate := gateFunc(func(context.Context, *edge.Request) edge.Admission { return s.admit(behave) })
	if m.prompt {
		return s.start(cfg, promptGate{gate})
	}
	return s.start(cfg, gate)
}

// serveGate starts an edge behind a gate of the test's own.
func serveGate(t *testing.T, m medium, cfg edge.Config, gate func(s *server, ctx context.Context, r *edge.Request) edge.Admission) *server {
	t.Helper()
	s := &server{t: t, medium: m, opened: make(chan *socket, 4096)}
	return s.start(cfg, gateFunc(func(ctx context.Context, r *edge.Request) edge.Admission { return gate(s, ctx, r) }))
}

func (s *server) start(cfg edge.Config, gate edge.Gate) *server {
	s.meter = newMeter()
	cfg.Meter = s.meter
	if cfg.Shards == 0 {
		cfg.Shards = 1
	}
	var err error
	s.Edge, err = edge.New(cfg, gate)
	require.NoError(s.t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(s.t, err)
	s.addr = l.Addr().String()
	mux := http.NewServeMux()
	mux.Handle("/", s.Edge)
	mux.HandleFunc("/length", length)
	s.http = &http.Server{Handler: mux, ReadHeaderTimeout: patience}
	front, err := s.Listen(s.medium.listen(l))
	require.NoError(s.t, err)
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = s.http.Serve(front)
	}()
	s.t.Cleanup(func() {
		_ = s.http.Close()
		<-served
		ctx, cancel := context.WithCancel(context.Background())
		cancel() // whoever is left is given up
		_ = s.Stop(ctx)
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, k := range s.sockets {
			want := 1
			if k.abandoned {
				want = 0
			}
			require.Equal(s.t, want, k.closings, "calls of Handler.Closed for one socket")
		}
	})
	return s
}

// length is what the server has beside WebSockets: it answers with the length of
// the request's body.
func length(w http.ResponseWriter, r *http.Request) {
	n, err := io.Copy(io.Discard, r.Body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
	}
	_, _ = fmt.Fprint(w, n)
}

func (s *server) admit(behave func(*socket)) edge.Admission {
	k := &socket{
		onReceive: func(*socket, string) {}, onDrained: func(*socket) {},
		received: make(chan string, 1<<16), closed: make(chan edge.Closure, 8),
	}
	return edge.Admission{
		Result: "ok", Shard: s.Shards()[0],
		Open: func(c *edge.Conn) edge.Handler {
			k.conn = c
			s.mu.Lock()
			s.sockets = append(s.sockets, k)
			s.mu.Unlock()
			if behave != nil {
				behave(k)
			}
			s.opened <- k
			return k
		},
	}
}

// next is the next socket that the gate let in.
func (s *server) next() *socket {
	s.t.Helper()
	return take(s.t, s.opened, "an opened socket")
}

// turn waits until each shard has finished the turns that it had begun.
func (s *server) turn() {
	for _, sh := range s.Shards() {
		run(s.t, sh, func() {})
		run(s.t, sh, func() {})
	}
}

// empty stops the edge and requires that every socket was gone by itself.
func (s *server) empty() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	require.NoError(s.t, s.Stop(ctx), "sockets were left when the edge was stopped")
}

func (s *server) net(ctx context.Context) (net.Conn, error) {
	c, err := (&net.Dialer{}).DialContext(ctx, "tcp", s.addr)
	if err != nil {
		return nil, err
	}
	return s.medium.dial(c), nil
}

// client connects an independent implementation of the protocol.
func (s *server) client() *websocket.Conn {
	s.t.Helper()
	c, _, err := s.dial(nil)
	require.NoError(s.t, err)
	s.t.Cleanup(func() { _ = c.CloseNow() })
	c.SetReadLimit(-1)
	return c
}

func (s *server) dial(opts *websocket.DialOptions) (*websocket.Conn, *http.Response, error) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if opts == nil {
		opts = &websocket.DialOptions{}
	}
	opts.HTTPClient = s.httpClient()
	return websocket.Dial(ctx, "ws://"+s.addr+"/", opts)
}

func (s *server) httpClient() *http.Client {
	return &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext:       func(ctx context.Context, _, _ string) (net.Conn, error) { return s.net(ctx) },
	}}
}

type gateFunc func(ctx context.Context, r *edge.Request) edge.Admission

func (g gateFunc) AdmitNow(*edge.Request) (edge.Admission, bool) { return edge.Admission{}, false }

func (g gateFunc) Admit(ctx context.Context, r *edge.Request) edge.Admission { return g(ctx, r) }

// promptGate never has to wait.
type promptGate struct{ gateFunc }

func (g promptGate) AdmitNow(r *edge.Request) (edge.Admission, bool) {
	return g.gateFunc(context.Background(), r), true
}

// run calls fn on a shard and waits for it.
func run(t *testing.T, sh *edge.Shard, fn func()) {
	t.Helper()
	done := make(chan struct{})
	require.True(t, sh.Post(func() { defer close(done); fn() }), "the shard has stopped")
	take(t, done, "a posted function")
}

// take receives from ch, or fails the test.
func take[T any](t *testing.T, ch <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-ch:
		return v
	case <-time.After(patience):
		require.FailNow(t, "waited in vain for "+what)
		panic("unreachable")
	}
}

func write(t *testing.T, c *websocket.Conn, text string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	require.NoError(t, c.Write(ctx, websocket.MessageText, []byte(text)))
}

func read(t *testing.T, c *websocket.Conn) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	kind, b, err := c.Read(ctx)
	require.NoError(t, err)
	require.Equal(t, websocket.MessageText, kind)
	return string(b)
}
