package edge_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/edge"
)

// settled waits until the shard has handled what was sent to it before: other
// sockets' round trips lie behind.
func settled(t *testing.T, s *server) {
	t.Helper()
	c := s.client()
	k := s.next()
	k.do(t, func(*edge.Conn) { echo(k) })
	for range 3 {
		write(t, c, "round trip")
		require.Equal(t, "round trip", read(t, c))
	}
	s.turn()
}

func TestNothingIsHandledWhilePaused(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{}, nil)
		p, k := s.peer(), s.next()
		k.do(t, (*edge.Conn).PauseReading)
		for i := range 10 {
			p.send(text(fmt.Sprint(i)))
		}
		settled(t, s)
		require.Empty(t, k.received)
		k.do(t, (*edge.Conn).ResumeReading)
		for i := range 10 {
			require.Equal(t, fmt.Sprint(i), take(t, k.received, "a message"))
		}
	})
}

// Each message pauses the socket until its work is done, as if by a database.
// All of them arrive in one segment, so that most wait in the socket itself.
func TestPauseForEachMessage(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		working := false
		s := serve(t, m, edge.Config{}, func(k *socket) {
			k.onReceive = func(k *socket, _ string) {
				if working {
					t.Error("a message was handled while paused")
				}
				working = true
				k.conn.PauseReading()
				go k.conn.Shard().Post(func() {
					working = false
					k.conn.ResumeReading()
				})
			}
		})
		var all []byte
		for i := range 200 {
			all = append(all, text(fmt.Sprint(i))...)
		}
		p, k := s.peer(all[:500]...), s.next()
		p.send(all[500:])
		for i := range 200 {
			require.Equal(t, fmt.Sprint(i), take(t, k.received, "a message"))
		}
	})
}

func TestPauseAndResumeAtWill(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{}, nil)
		p, k := s.peer(), s.next()
		k.do(t, func(c *edge.Conn) {
			c.ResumeReading() // was not paused
			c.PauseReading()
			c.PauseReading()
			c.ResumeReading()
			c.PauseReading()
		})
		p.send(text("held"))
		settled(t, s)
		require.Empty(t, k.received)
		k.do(t, func(c *edge.Conn) {
			c.ResumeReading()
			c.PauseReading()
			c.ResumeReading()
			c.ResumeReading()
		})
		require.Equal(t, "held", take(t, k.received, "the message"))
	})
}

// While a socket is paused the peer's bytes stay in the kernel.
func TestPausePushesBack(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{}, nil)
		p, k := s.peer(), s.next()
		k.do(t, (*edge.Conn).PauseReading)
		const n = 200
		written := make(chan error, 1)
		go func() {
			_, err := p.Write([]byte(strings.Repeat(string(text(strings.Repeat("w", 1000))), n)))
			written <- err
		}()
		settled(t, s)
		s.meter.with(func(m *meter) { require.LessOrEqual(t, m.in, 5000, "read at most what was under way") })
		k.do(t, (*edge.Conn).ResumeReading)
		require.NoError(t, take(t, written, "the writer"))
		for range n {
			require.Len(t, take(t, k.received, "a message"), 1000)
		}
	})
}

func TestServerClosesWhilePaused(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{CloseTimeout: forever}, func(k *socket) {
			k.onReceive = func(k *socket, _ string) { k.conn.PauseReading() }
		})
		p, k := s.peer(), s.next()
		p.send(text("one"), text("two"), text("thr")[:5])
		require.Equal(t, "one", take(t, k.received, "the message"))
		k.do(t, func(c *edge.Conn) { c.Close(1012, "restart") })
		code, _ := p.closeFrame()
		require.Equal(t, uint16(1012), code)
		p.send(text("thr")[5:], closeFrame(1012, ""))
		p.eof()
		require.Equal(t, uint16(1012), k.end(t).Code)
		require.Empty(t, k.received)
		s.empty()
	})
}

// Whatever way a peer leaves while it is paused, what it said before is handled
// first.
func TestPeerLeavesWhilePaused(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		for name, way := range map[string]struct {
			leave func(*peer)
			want  edge.Closure
		}{
			"with a close frame": {func(p *peer) { p.send(closeFrame(1000, "bye")) }, edge.Closure{Code: 1000, Reason: "bye", Remote: true}},
			"with a close frame and at once": {
				func(p *peer) { p.send(closeFrame(1001, "")); _ = p.Close() },
				edge.Closure{Code: 1001, Remote: true},
			},
			"without": {func(p *peer) { _ = p.Close() }, edge.Closure{Code: 1006, Remote: true}},
			"reset":   {(*peer).vanish, edge.Closure{Code: 1006, Remote: true}},
		} {
			t.Run(name, func(t *testing.T) {
				s := serve(t, m, edge.Config{CloseTimeout: forever}, func(k *socket) {
					k.onReceive = func(k *socket, _ string) { k.conn.PauseReading() }
				})
				p, k := s.peer(), s.next()
				p.send(text("one"), text("two"))
				require.Equal(t, "one", take(t, k.received, "the message"))
				k.send(t, "to one who may be gone")
				way.leave(p)
				settled(t, s)
				require.Empty(t, k.received)
				require.Empty(t, k.closed)
				k.do(t, (*edge.Conn).ResumeReading)
				require.Equal(t, "two", take(t, k.received, "the message"))
				k.do(t, (*edge.Conn).ResumeReading)
				require.Equal(t, way.want, k.end(t))
				s.turn()
			})
		}
	})
}

// A pause is the server's silence, not the peer's.
func TestPausedSocketKeepsItsHeart(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{Heartbeat: 40 * time.Millisecond, HeartbeatGrace: 20 * time.Millisecond}, nil)
		paused, k := s.peer(), s.next()
		k.do(t, (*edge.Conn).PauseReading)
		_, silent := s.peer(), s.next()
		require.Equal(t, uint16(4508), silent.end(t).Code)
		_, second := s.peer(), s.next()
		require.Equal(t, uint16(4508), second.end(t).Code)
		require.Empty(t, k.closed)
		paused.send(text("still here"))
		k.do(t, (*edge.Conn).ResumeReading)
		require.Equal(t, "still here", take(t, k.received, "the message"))
	})
}
