package edge_test

import (
	"context"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/edge"
)

func TestSocketsOfOneAddressAreLimited(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{PerAddress: 2, CloseTimeout: forever}, nil)
		first, _ := s.peer(), s.next()
		second, _ := s.peer(), s.next()
		third := s.peer()
		code, reason := third.closeFrame()
		require.Equal(t, uint16(4529), code)
		require.Equal(t, "too many sockets from this address", reason)
		third.send(closeFrame(4529, ""))
		third.eof()
		require.Empty(t, s.opened, "the gate's Open is not for a refused socket")

		first.send(closeFrame(1000, ""))
		first.closeFrame()
		first.eof()
		s.turn()
		_, k := s.peer(), s.next()
		require.Empty(t, k.closed, "a place was free again")

		refused, _ := s.peer().closeFrame()
		require.Equal(t, uint16(4529), refused, "only one was")
		second.vanish()
		s.meter.handshook(t, map[string]int{"ok": 3, "limit": 2})
		s.meter.with(func(m *meter) {
			require.Equal(t, 2, m.closes[4529])
		})
	})
}

// Handshakes that come to nothing give their place back.
func TestFailedHandshakesDoNotUseUpTheLimit(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{PerAddress: 1}, nil)
		for i := range 3 {
			_, res := s.request("GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
			require.Equal(t, http.StatusBadRequest, res.StatusCode)
			s.meter.handshook(t, map[string]int{"bad_request": i + 1})
		}
		p, k := s.peer(), s.next()
		p.send(text("in"))
		require.Equal(t, "in", take(t, k.received, "the message"))
	})
}

func TestDrainRefusesNewSocketsOnly(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{}, echo)
		p := s.peer()
		s.Drain()
		_, res := s.request(opening)
		require.Equal(t, http.StatusServiceUnavailable, res.StatusCode)
		require.Equal(t, "1", res.Header.Get("Retry-After"))
		p.send(text("still here"))
		require.Equal(t, "still here", p.text())
		s.meter.handshook(t, map[string]int{"ok": 1, "draining": 1})
	})
}

// Drain waits for a handshake whose gate takes its time; others are refused
// meanwhile, and not after it.
func TestDrainWaitsForHandshakesUnderWay(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		asked, answer := make(chan struct{}), make(chan struct{})
		s := serveGate(t, m, edge.Config{}, func(s *server, _ context.Context, _ *edge.Request) edge.Admission {
			close(asked)
			<-answer
			return s.admit(nil)
		})
		admitted := make(chan error, 1)
		go func() {
			c, _, err := s.dial(nil)
			if err == nil {
				_ = c.CloseNow()
			}
			admitted <- err
		}()
		take(t, asked, "the gate's turn")
		drained := make(chan struct{})
		go func() { defer close(drained); s.Drain() }()
		require.Eventually(t, func() bool {
			_, res := s.request("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
			return res.StatusCode == http.StatusServiceUnavailable
		}, patience, time.Millisecond)
		select {
		case <-drained:
			require.Fail(t, "Drain did not wait")
		default:
		}
		close(answer)
		require.NoError(t, take(t, admitted, "the slow handshake"))
		take(t, drained, "Drain")
		take(t, s.next().closed, "Handler.Closed")
	})
}

// Who was admitted to a shard that has stopped since is turned away without an
// answer.
func TestAdmittedTooLate(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		other, err := edge.New(edge.Config{Shards: 1, PerAddress: 1}, nil)
		require.NoError(t, err)
		require.NoError(t, other.Stop(t.Context()))
		s := serveGate(t, m, edge.Config{PerAddress: 1}, func(*server, context.Context, *edge.Request) edge.Admission {
			return edge.Admission{Result: "ok", Shard: other.Shards()[0]}
		})
		for i := range 3 { // the address has its place again each time
			p := s.connect()
			p.send([]byte(opening))
			p.eof()
			s.meter.handshook(t, map[string]int{"error": i + 1})
		}
	})
}

func TestConfigIsValidated(t *testing.T) {
	require.NoError(t, edge.Config{}.Validate())
	for _, c := range []edge.Config{
		{Shards: -1},
		{Shards: 1025},
		{FrameBytes: -1},
		{OutboundBytes: -1},
		{PerAddress: -1},
		{Heartbeat: -1},
		{HeartbeatGrace: -1},
		{HandshakeTimeout: -1},
		{CloseTimeout: -1},
	} {
		require.Error(t, c.Validate(), "%+v", c)
		e, err := edge.New(c, nil)
		require.Error(t, err)
		require.Nil(t, e)
	}
}

func TestDefaults(t *testing.T) {
	e, err := edge.New(edge.Config{}, nil)
	require.NoError(t, err)
	for i, sh := range e.Shards() {
		require.Equal(t, i, sh.ID())
	}
	require.NotEmpty(t, e.Shards())
	require.NoError(t, e.Stop(t.Context()))
}

func TestStopClosesConnectionsOnTheWayIn(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{}, nil)
		var peers []*peer
		for range 20 {
			peers = append(peers, s.peer())
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		require.ErrorIs(t, s.Stop(ctx), context.Canceled)
		for _, p := range peers {
			_, err := p.r.ReadByte()
			require.Error(t, err)
			var timeout net.Error
			require.False(t, asTimeout(err, &timeout), "the socket is still open")
		}
	})
}
