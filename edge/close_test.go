package edge_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/gobwas/ws"
	"github.com/stretchr/testify/require"

	"parley/edge"
)

// forever is a time that a test must not wait for.
const forever = time.Hour

func TestPeerClosesAndIsAnswered(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{CloseTimeout: forever}, nil)
		for _, want := range []edge.Closure{
			{Code: 1000, Reason: "bye"},
			{Code: 1001},
			{Code: 1011},
			{Code: 1012},
			{Code: 1014},
			{Code: 3000, Reason: "☃"},
			{Code: 4999, Reason: strings.Repeat("r", 123)},
		} {
			p, k := s.peer(), s.next()
			p.send(text("last"), closeFrame(want.Code, want.Reason), text("too late"))
			code, reason := p.closeFrame()
			require.Equal(t, want.Code, code)
			require.Equal(t, want.Reason, reason)
			want.Remote = true
			require.Equal(t, want, k.end(t))
			require.Equal(t, "last", <-k.received)
			require.Empty(t, k.received)
		}
		s.empty()
	})
}

func TestPeerClosesWithoutStatus(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{CloseTimeout: forever}, nil)
		p, k := s.peer(), s.next()
		p.send(frame(ws.OpClose, true, ""))
		code, _ := p.closeFrame()
		require.Equal(t, uint16(1005), code)
		p.eof()
		require.Equal(t, edge.Closure{Code: 1005, Remote: true}, k.end(t))
		s.empty()
	})
}

func TestServerCloses(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{CloseTimeout: forever}, nil)
		c, k := s.client(), s.next()
		k.do(t, func(c *edge.Conn) {
			c.Send(edge.TextOf([]byte("one last thing")))
			c.Close(4403, "removed")
			c.Close(4401, "again")
			c.Send(edge.TextOf([]byte("never sent")))
			require.Empty(t, k.closed, "Closed must not come within Close")
		})
		require.Equal(t, edge.Closure{Code: 4403, Reason: "removed"}, k.end(t))
		require.Equal(t, "one last thing", read(t, c))
		_, _, err := c.Read(t.Context())
		var closed websocket.CloseError
		require.ErrorAs(t, err, &closed)
		require.Equal(t, websocket.CloseError{Code: 4403, Reason: "removed"}, closed)
		s.empty()
		s.meter.with(func(m *meter) {
			require.Equal(t, map[uint16]int{4403: 1}, m.closes)
			require.Equal(t, map[string]int{"closed": 1}, m.dropped)
			require.Zero(t, m.open)
		})
	})
}

// What the peer was in the middle of when it was closed must not hide its close
// frame.
func TestServerClosesWhileThePeerSpeaks(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		whole := text("a message cut in two")
		for name, way := range map[string]struct{ before, after []byte }{
			"half a frame":         {whole[:9], whole[9:]},
			"half a header":        {whole[:1], whole[1:]},
			"half a message":       {frame(ws.OpText, false, "a"), append(frame(ws.OpContinuation, true, "b"), text("c")...)},
			"a fragment afterward": {nil, append(frame(ws.OpText, false, "a"), frame(ws.OpContinuation, true, "b")...)},
			"binary afterwards":    {nil, frame(ws.OpBinary, true, "b")},
			"a ping afterwards":    {nil, frame(ws.OpPing, true, "b")},
			"not UTF-8":            {nil, text("\xff")},
		} {
			t.Run(name, func(t *testing.T) {
				s := serve(t, m, edge.Config{CloseTimeout: forever}, nil)
				p, k := s.peer(), s.next()
				p.send(way.before)
				s.turn()
				k.do(t, func(c *edge.Conn) { c.Close(1012, "restart") })
				code, _ := p.closeFrame()
				require.Equal(t, uint16(1012), code)
				p.send(way.after, closeFrame(1012, ""))
				p.eof()
				require.Equal(t, uint16(1012), k.end(t).Code)
				require.Empty(t, k.received)
				s.empty()
			})
		}
	})
}

func TestCloseFromWithinEveryCall(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		bye := func(k *socket) { k.conn.Close(4409, "replaced") }
		for name, behave := range map[string]func(*socket){
			"Open":    bye,
			"Receive": func(k *socket) { k.onReceive = func(k *socket, _ string) { bye(k) } },
			"Drained": func(k *socket) { k.onDrained = bye; k.conn.NotifyDrained() },
		} {
			t.Run(name, func(t *testing.T) {
				s := serve(t, m, edge.Config{CloseTimeout: forever}, behave)
				p := s.peer(append(text("one"), text("two")...)...)
				code, _ := p.closeFrame()
				require.Equal(t, uint16(4409), code)
				k := s.next()
				require.Equal(t, uint16(4409), k.end(t).Code)
				require.LessOrEqual(t, len(k.received), 2)
				p.send(closeFrame(4409, ""))
				p.eof()
				s.empty()
			})
		}
	})
}

func TestPeerThatNeverAnswersIsGivenUp(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{CloseTimeout: 100 * time.Millisecond}, nil)
		p, k := s.peer(), s.next()
		k.do(t, func(c *edge.Conn) { c.Close(1012, "") })
		require.Equal(t, uint16(1012), k.end(t).Code)
		code, _ := p.closeFrame()
		require.Equal(t, uint16(1012), code)
		p.eof()
		s.empty()
	})
}

func TestLostPeer(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		for name, leave := range map[string]func(*peer){
			"reset":         (*peer).vanish,
			"end of stream": func(p *peer) { _ = p.Close() },
		} {
			t.Run(name, func(t *testing.T) {
				s := serve(t, m, edge.Config{CloseTimeout: forever}, nil)
				p, k := s.peer(), s.next()
				p.send(text("last words"))
				require.Equal(t, "last words", take(t, k.received, "the message"))
				leave(p)
				how := k.end(t)
				require.Equal(t, edge.Closure{Code: 1006, Remote: true}, how)
				require.True(t, how.Lost())
				s.empty()
			})
		}
	})
}

// A client that says goodbye and is gone at once has still said it, even if the
// server learns while it writes that nobody listens.
func TestGoodbyeOutlivesABrokenWrite(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{OutboundBytes: 64 << 20}, nil)
		p, k := s.peer(), s.next()
		entered, left := make(chan struct{}), make(chan struct{})
		require.True(t, k.conn.Shard().Post(func() {
			close(entered)
			<-left // the shard is busy while all this arrives
			big := edge.TextOf(make([]byte, 1<<20))
			for range 32 {
				k.conn.Send(big)
			}
		}))
		<-entered
		p.send(text("last"), closeFrame(1001, "tab closed"))
		require.NoError(t, p.Close())
		close(left)
		require.Equal(t, edge.Closure{Code: 1001, Reason: "tab closed", Remote: true}, k.end(t))
		require.Equal(t, "last", <-k.received)
		s.empty()
	})
}

func TestCloseAsLostGivesUpAtOnce(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{CloseTimeout: forever}, func(k *socket) {
			k.onReceive = func(k *socket, _ string) { k.conn.Close(1006, "") }
		})
		p, k := s.peer(), s.next()
		p.send(text("one"), text("two"), closeFrame(1000, ""), text("three"))
		require.True(t, k.end(t).Lost())
		require.Len(t, k.received, 1)
		s.empty()
	})
}

func TestLongReasonIsCutBetweenCharacters(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{}, nil)
		c, k := s.client(), s.next()
		k.do(t, func(c *edge.Conn) { c.Close(4403, strings.Repeat("☃", 60)) })
		_, _, err := c.Read(t.Context())
		var closed websocket.CloseError
		require.ErrorAs(t, err, &closed)
		require.Equal(t, strings.Repeat("☃", 41), closed.Reason) // 123 bytes are 41 of them
		require.Equal(t, strings.Repeat("☃", 60), k.end(t).Reason, "the handler gets all of it")
	})
}

func TestStopWaitsForClosingHandshakes(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{CloseTimeout: forever}, nil)
		p, k := s.peer(), s.next()
		k.do(t, func(c *edge.Conn) { c.Close(1012, "restart") })
		stopped := make(chan error, 1)
		go func() { stopped <- s.Stop(t.Context()) }()
		code, _ := p.closeFrame()
		require.Equal(t, uint16(1012), code)
		require.Empty(t, stopped, "the peer has not answered yet")
		p.send(closeFrame(1012, ""))
		require.NoError(t, take(t, stopped, "Stop"))
		p.eof()
	})
}

func TestStopGivesUpWhoIsLeft(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{CloseTimeout: forever, Shards: 2}, nil)
		open, openSocket := s.peer(), s.next()
		closing, closingSocket := s.peer(), s.next()
		stuck, stuckSocket := s.peer(), s.next()
		closingSocket.do(t, func(c *edge.Conn) { c.Close(1012, "") })
		stuckSocket.do(t, func(c *edge.Conn) { c.Send(edge.TextOf(make([]byte, 250<<10))) })

		ctx, cancel := context.WithCancelCause(context.Background())
		cancel(errors.New("no more time"))
		require.ErrorIs(t, s.Stop(ctx), context.Canceled)
		require.True(t, take(t, openSocket.closed, "Closed").Lost())
		require.True(t, take(t, stuckSocket.closed, "Closed").Lost())
		require.Equal(t, uint16(1012), take(t, closingSocket.closed, "Closed").Code)
		for _, p := range []*peer{open, closing, stuck} {
			for err := error(nil); err == nil; {
				_, err = p.r.ReadByte()
			}
		}
		for _, sh := range s.Shards() {
			require.False(t, sh.Post(func() { panic("never runs") }))
		}
		require.NoError(t, s.Stop(context.Background()), "stopping twice is no error")
		s.meter.with(func(m *meter) { require.Zero(t, m.open) })
	})
}
