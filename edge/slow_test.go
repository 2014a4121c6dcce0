package edge_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/edge"
)

// numbered is a message of n bytes that begins with its number.
func numbered(i, n int) string {
	head := fmt.Sprintf("%08d:", i)
	return head + strings.Repeat("z", n-len(head))
}

// flood sends numbered messages, one a turn, until the socket is closed, and
// returns how many went into its queue.
func flood(t *testing.T, k *socket) int {
	t.Helper()
	for i := range 5000 {
		k.send(t, numbered(i, 32<<10))
		if len(k.closed) > 0 {
			return i
		}
	}
	require.FailNow(t, "a reader that does not read was never closed")
	return 0
}

func TestSlowReaderIsClosed(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{OutboundBytes: 128 << 10}, echo)
		slow, k := s.peer(), s.next()
		other := s.client()
		flood(t, k)
		require.Equal(t, edge.Closure{Code: 4513, Reason: "too slow a reader"}, k.end(t))
		k.do(t, func(c *edge.Conn) {
			require.Less(t, c.Buffered(), 33<<10, "the queue should be given back but for a frame that is half out")
			c.Send(edge.TextOf([]byte("never sent")))
		})
		write(t, other, "how are you")
		require.Equal(t, "how are you", read(t, other), "others are not to suffer")

		last := readNumbered(t, slow)
		require.Positive(t, last, "what went out before is whole and in order")
		s.meter.with(func(m *meter) {
			require.Equal(t, 1, m.closes[4513])
			require.Positive(t, m.dropped["slow_reader"])
		})
	})
}

// readNumbered reads whole messages in order up to a close frame 4513.
func readNumbered(t *testing.T, p *peer) (n int) {
	t.Helper()
	for ; ; n++ {
		op, payload := p.frame()
		if op != 1 {
			require.Equal(t, "\x11\xa1too slow a reader", string(payload))
			return n
		}
		require.Equal(t, fmt.Sprintf("%08d:", n), string(payload[:9]))
	}
}

func TestSlowReaderInOneTurn(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{OutboundBytes: 64 << 10, CloseTimeout: forever}, nil)
		p, k := s.peer(), s.next()
		k.do(t, func(c *edge.Conn) {
			for i := range 1000 { // 32 MB: more than any kernel takes
				c.Send(edge.TextOf([]byte(numbered(i, 32<<10))))
			}
			require.Empty(t, k.closed, "Closed must not come within Send")
		})
		require.Equal(t, uint16(4513), k.end(t).Code)
		readNumbered(t, p)
		s.meter.with(func(m *meter) { require.Positive(t, m.dropped["slow_reader"]) })
		p.send(closeFrame(4513, ""))
		p.eof()
		s.empty()
	})
}

// What one turn brings may be more than a queue holds; as long as the kernel
// takes it the reader is not at fault.
func TestBurstOfOneTurnIsNotTheReadersFault(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{OutboundBytes: 1000}, nil)
		p, k := s.peer(), s.next()
		k.do(t, func(c *edge.Conn) {
			for i := range 10 {
				c.Send(edge.TextOf([]byte(numbered(i, 98)))) // 100 bytes on the wire
			}
			require.Equal(t, 1000, c.Buffered(), "the bound itself is allowed")
			for i := range 190 {
				c.Send(edge.TextOf([]byte(numbered(10+i, 98))))
			}
		})
		for i := range 200 {
			require.Equal(t, numbered(i, 98), p.text())
		}
		require.Empty(t, k.closed)
	})
}

func TestReaderThatNeverReadsIsGivenUp(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{CloseTimeout: 100 * time.Millisecond}, nil)
		s.peer()
		flood(t, s.next())
		s.empty()
	})
}

// A peer that pings and never reads its pongs is a slow reader like any other.
func TestPongsAreBounded(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{OutboundBytes: 1000}, nil)
		p, k := s.peer(), s.next()
		pings := strings.Repeat(string(frame(9, true, strings.Repeat("p", 125))), 100)
		for range 5000 { // more pongs than any kernel takes
			if _, err := p.Write([]byte(pings)); err != nil || len(k.closed) > 0 {
				break
			}
		}
		require.Equal(t, uint16(4513), k.end(t).Code)
	})
}

// pump sends total messages as fast as the socket drains, and never more than
// its bound.
func pump(t *testing.T, bound, total, size int) func(*socket) {
	sent := 0
	return func(k *socket) {
		k.onDrained = func(k *socket) {
			if k.conn.Buffered() > bound/4 {
				t.Errorf("Drained with %d bytes waiting", k.conn.Buffered())
			}
			for sent < total && k.conn.Buffered()+size+4 <= bound {
				k.conn.Send(edge.TextOf([]byte(numbered(sent, size))))
				sent++
			}
			if sent < total {
				k.conn.NotifyDrained()
			}
		}
		k.conn.NotifyDrained()
	}
}

func TestPumpThroughASmallQueue(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		const bound, total, size = 64 << 10, 2560, 4 << 10 // 10 MB in all
		s := serve(t, m, edge.Config{OutboundBytes: bound}, pump(t, bound, total, size))
		p, k := s.peer(), s.next()
		for i := range total {
			require.Equal(t, numbered(i, size), p.text())
		}
		require.Empty(t, k.closed)
	})
}

// A pump that never runs dry leaves others their turns.
func TestPumpDoesNotStarveOthers(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		endless := func(k *socket) {
			echo(k)
			k.onDrained = func(k *socket) { k.conn.NotifyDrained() }
		}
		s := serve(t, m, edge.Config{}, endless)
		s.peer()
		k := s.next()
		k.do(t, func(c *edge.Conn) { c.NotifyDrained() })
		other := s.client()
		for range 20 {
			write(t, other, "hello")
			require.Equal(t, "hello", read(t, other))
		}
	})
}

func TestDrainedComesOnce(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{}, nil)
		s.peer()
		k := s.next()
		calls := 0
		k.do(t, func(c *edge.Conn) {
			k.onDrained = func(*socket) { calls++ }
			c.NotifyDrained()
			c.NotifyDrained()
			require.Zero(t, calls, "Drained must not come within NotifyDrained")
		})
		s.turn()
		k.do(t, func(*edge.Conn) { require.Equal(t, 1, calls) })
	})
}
