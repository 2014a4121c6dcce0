package edge_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/gobwas/ws"
	"github.com/stretchr/testify/require"

	"parley/edge"
)

func TestEchoOfEveryHeaderLength(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		c := serve(t, m, edge.Config{}, echo).client()
		for _, n := range []int{0, 1, 125, 126, 127, 65535, 65536} {
			want := strings.Repeat("x", n)
			write(t, c, want)
			require.Equal(t, want, read(t, c), "a message of %d bytes", n)
		}
	})
}

func TestOrderIsKept(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		c := serve(t, m, edge.Config{}, echo).client()
		const n = 2000
		written := make(chan error, 1)
		go func() {
			var err error
			for i := 0; i < n && err == nil; i++ {
				err = c.Write(t.Context(), websocket.MessageText, []byte(fmt.Sprint(i)))
			}
			written <- err
		}()
		for i := range n {
			require.Equal(t, fmt.Sprint(i), read(t, c))
		}
		require.NoError(t, take(t, written, "the writer"))
	})
}

func TestOneFrameToMany(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{}, nil)
		clients := make([]*websocket.Conn, 50)
		for i := range clients {
			clients[i] = s.client()
		}
		f := edge.NewText(func(b []byte) []byte { return append(b, "to all"...) })
		require.Equal(t, "to all", string(f.Payload()))
		require.Equal(t, len("to all")+2, f.Len())
		var sockets []*socket
		for range clients {
			sockets = append(sockets, s.next())
		}
		run(t, s.Shards()[0], func() {
			for range 3 {
				for _, k := range sockets {
					k.conn.Send(f)
				}
			}
		})
		for _, c := range clients {
			for range 3 {
				require.Equal(t, "to all", read(t, c))
			}
		}
	})
}

func TestFragmentsWithControlFramesBetween(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		p := serve(t, m, edge.Config{}, echo).peer()
		snow := "☃" // cut inside of it
		p.send(
			frame(ws.OpText, false, "he"+snow[:1]),
			frame(ws.OpPing, true, "are you there"),
			frame(ws.OpContinuation, false, ""),
			frame(ws.OpPong, true, "unasked for"),
			frame(ws.OpContinuation, true, snow[1:]+"llo"),
			text("next"),
		)
		op, payload := p.frame()
		require.Equal(t, ws.OpPong, op)
		require.Equal(t, "are you there", string(payload))
		require.Equal(t, "he☃llo", p.text())
		require.Equal(t, "next", p.text())
	})
}

func TestFrameByteByByte(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{}, echo)
		p := s.peer()
		long := strings.Repeat("long ", 60)
		for _, b := range append(text("drop by drop"), text(long)...) {
			p.send([]byte{b})
			s.turn()
		}
		require.Equal(t, "drop by drop", p.text())
		require.Equal(t, long, p.text())
	})
}

func TestManyFramesInOneSegment(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		p := serve(t, m, edge.Config{}, echo).peer()
		var all []byte
		for i := range 300 {
			all = append(all, text(fmt.Sprint(i))...)
		}
		p.send(all[:len(all)-3])
		p.send(all[len(all)-3:])
		for i := range 300 {
			require.Equal(t, fmt.Sprint(i), p.text())
		}
	})
}

func TestFramesRightBehindTheHandshake(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		early := append(text("early"), text("bird")[:4]...)
		p := serve(t, m, edge.Config{}, echo).peer(early...)
		require.Equal(t, "early", p.text())
		p.send(text("bird")[4:])
		require.Equal(t, "bird", p.text())
	})
}

func TestFramesSentFromOpen(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{}, func(k *socket) { k.conn.Send(edge.TextOf([]byte("welcome"))) })
		require.Equal(t, "welcome", read(t, s.client()))
	})
}

func TestManyFramesOut(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{OutboundBytes: 8 << 20}, nil)
		p := s.peer()
		const n = 3000 // far more than one writev takes
		k := s.next()
		k.do(t, func(c *edge.Conn) {
			for i := range n {
				c.Send(edge.TextOf([]byte(strings.Repeat("y", i))))
			}
			require.Positive(t, c.Buffered())
		})
		for i := range n {
			require.Len(t, p.text(), i)
		}
		s.turn()
		k.do(t, func(c *edge.Conn) { require.Zero(t, c.Buffered()) })
	})
}

func TestBytesAreCounted(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{}, echo)
		p := s.peer()
		p.send(text("12345"))
		require.Equal(t, "12345", p.text())
		s.turn()
		s.meter.handshook(t, map[string]int{"ok": 1})
		s.meter.with(func(m *meter) {
			require.Equal(t, 2+4+5, m.in)
			require.Equal(t, len(accepted)+2+5, m.out)
			require.Equal(t, 1, m.open)
		})
	})
}
