package edge_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"parley/edge"
)

func asTimeout(err error, target *net.Error) bool {
	return errors.As(err, target) && (*target).Timeout()
}

func TestBadHandshakes(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{}, nil)
		without := func(line string) string { return strings.Replace(opening, line+"\r\n", "", 1) }
		for name, c := range map[string]struct {
			head   string
			status int
			header [2]string
		}{
			"not an upgrade":   {without("Upgrade: websocket"), 426, [2]string{"Upgrade", "websocket"}},
			"another protocol": {strings.Replace(opening, "websocket", "h2c", 1), 426, [2]string{"Upgrade", "websocket"}},
			"another version":  {strings.Replace(opening, "Version: 13", "Version: 8", 1), 426, [2]string{"Sec-Websocket-Version", "13"}},
			"no version":       {without("Sec-WebSocket-Version: 13"), 400, [2]string{}},
			"no key":           {without("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="), 400, [2]string{}},
			"short key":        {strings.Replace(opening, "dGhl", "", 1), 400, [2]string{}},
			"no connection":    {without("Connection: Upgrade"), 400, [2]string{}},
			"not a GET":        {strings.Replace(opening, "GET", "POST", 1), 405, [2]string{}},
			"no host":          {without("Host: edge.test"), 400, [2]string{}},
			"empty host":       {strings.Replace(opening, "Host: edge.test", "Host:", 1), 400, [2]string{}},
			"HTTP/1.0":         {strings.Replace(opening, "HTTP/1.1", "HTTP/1.0", 1), 505, [2]string{}},
		} {
			t.Run(name, func(t *testing.T) {
				_, res := s.request(c.head)
				require.Equal(t, c.status, res.StatusCode)
				if c.header[0] != "" {
					require.Equal(t, c.header[1], res.Header.Get(c.header[0]))
				}
			})
		}
		require.Empty(t, s.opened)
		s.meter.handshook(t, map[string]int{"bad_request": 10})
	})
}

func TestGateReadsTheRequest(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		requests := make(chan edge.Request, 1)
		s := serveGate(t, m, edge.Config{}, func(s *server, _ context.Context, r *edge.Request) edge.Admission {
			requests <- *r
			return s.admit(nil)
		})
		s.request("GET /ws/room/7/?token=a%20b&x=1 HTTP/1.1\r\nHost: edge.test:8080\r\nUpgrade: WebSocket\r\n" +
			"Connection: keep-alive, Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" +
			"Origin: https://app.test\r\nAuthorization: Token t\r\nCookie: parley_token=c\r\n" +
			"Sec-WebSocket-Protocol: parley.v1 , parley.token.x\r\nSec-WebSocket-Protocol: third\r\n\r\n")
		want := edge.Request{
			Scheme: "http", Host: "edge.test:8080", Path: "/ws/room/7/", RawQuery: "token=a%20b&x=1",
			Origin: "https://app.test", Authorization: "Token t", Cookie: "parley_token=c",
			Protocols: []string{"parley.v1", "parley.token.x", "third"},
			Remote:    netip.MustParseAddr("127.0.0.1"),
		}
		if strings.HasPrefix(m.name, "tls") {
			want.Scheme = "https"
		}
		require.Equal(t, want, take(t, requests, "the gate's turn"))
	})
}

func TestSubprotocol(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		for name, c := range map[string]struct {
			offered      []string
			chosen, want string
		}{
			"chosen":        {[]string{"parley.token.x", "parley.v1"}, "parley.v1", "parley.v1"},
			"none chosen":   {[]string{"parley.v1"}, "", ""},
			"none offered":  {nil, "parley.v1", ""},
			"never offered": {[]string{"other"}, "parley.v1", ""},
		} {
			t.Run(name, func(t *testing.T) {
				s := serveGate(t, m, edge.Config{}, func(s *server, _ context.Context, _ *edge.Request) edge.Admission {
					a := s.admit(nil)
					a.Protocol = c.chosen
					return a
				})
				client, _, err := s.dial(&websocket.DialOptions{Subprotocols: c.offered})
				require.NoError(t, err)
				defer client.CloseNow()
				require.Equal(t, c.want, client.Subprotocol())
			})
		}
	})
}

func TestGateRefusesByHTTP(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serveGate(t, m, edge.Config{}, func(*server, context.Context, *edge.Request) edge.Admission {
			return edge.Admission{Result: "origin", Refuse: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				http.Error(w, "not from there", http.StatusForbidden)
			})}
		})
		_, res := s.request(opening)
		require.Equal(t, http.StatusForbidden, res.StatusCode)
		s.meter.handshook(t, map[string]int{"origin": 1})
		s.meter.with(func(m *meter) {
			require.Zero(t, m.open)
		})
	})
}

// A browser cannot read a status, but a close code; the subprotocol it needs
// comes first.
func TestGateRefusesByCloseCode(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serveGate(t, m, edge.Config{CloseTimeout: forever}, func(*server, context.Context, *edge.Request) edge.Admission {
			return edge.Admission{
				Result: "unauthenticated", Protocol: "parley.v1",
				Close: edge.Closure{Code: 4401, Reason: "bad credentials"},
			}
		})
		c, _, err := s.dial(&websocket.DialOptions{Subprotocols: []string{"parley.v1"}})
		require.NoError(t, err)
		defer c.CloseNow()
		require.Equal(t, "parley.v1", c.Subprotocol())
		_, _, err = c.Read(t.Context())
		require.Equal(t, websocket.StatusCode(4401), websocket.CloseStatus(err))

		eager := s.peer(text("early words")...)
		code, reason := eager.closeFrame()
		require.Equal(t, uint16(4401), code)
		require.Equal(t, "bad credentials", reason)
		eager.send(text("more words"), closeFrame(4401, ""))
		eager.eof()
		s.empty()
		s.meter.with(func(m *meter) { require.Equal(t, map[uint16]int{4401: 2}, m.closes) })
	})
}

func TestGateHasItsTime(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serveGate(t, m, edge.Config{HandshakeTimeout: 20 * time.Millisecond}, func(_ *server, ctx context.Context, _ *edge.Request) edge.Admission {
			<-ctx.Done()
			return edge.Admission{Result: "timeout", Refuse: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				http.Error(w, fmt.Sprint(ctx.Err()), http.StatusServiceUnavailable)
			})}
		})
		_, res := s.request(opening)
		require.Equal(t, http.StatusServiceUnavailable, res.StatusCode)
	})
}

// The goroutine that served the handshake ends with it, and a connection that
// cannot be taken over is answered.
func TestNoHijacker(t *testing.T) {
	s := serve(t, media()[0], edge.Config{}, nil)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "/", http.NoBody)
	require.NoError(t, err)
	r.Header = http.Header{
		"Upgrade": {"websocket"}, "Connection": {"Upgrade"},
		"Sec-Websocket-Key": {"dGhlIHNhbXBsZSBub25jZQ=="}, "Sec-Websocket-Version": {"13"},
	}
	r.Host = "edge.test"
	w := &plainWriter{header: http.Header{}}
	s.ServeHTTP(w, r)
	require.Equal(t, http.StatusInternalServerError, w.status)
}

type plainWriter struct {
	header http.Header
	status int
}

func (w *plainWriter) Header() http.Header         { return w.header }
func (w *plainWriter) Write(b []byte) (int, error) { return len(b), nil }
func (w *plainWriter) WriteHeader(status int)      { w.status = status }
