package edge_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/gobwas/ws"
	"github.com/stretchr/testify/require"

	"parley/edge"
)

// remainder is what Conn.Remains said, and Conn.Written.
type remainder struct {
	first, written int
	texts          []string
	whole          bool
}

func remaining(c *edge.Conn) (r remainder) {
	var frames []*edge.Frame
	r.first, frames, r.whole = c.Remains()
	r.written = c.Written()
	for _, f := range frames {
		r.texts = append(r.texts, string(f.Payload()))
		f.Release(c.Shard())
	}
	return r
}

// remaining asks on the socket's shard.
func (k *socket) remaining(t *testing.T) (r remainder) {
	t.Helper()
	k.do(t, func(c *edge.Conn) { r = remaining(c) })
	return r
}

// acknowledge is Conn.Acknowledge, on the socket's shard.
func (k *socket) acknowledge(t *testing.T, n int) (ok bool) {
	t.Helper()
	k.do(t, func(c *edge.Conn) { ok = c.Acknowledge(n) })
	return ok
}

const thick = 32 << 10 // bytes of a message of which the kernel takes few

// stuff sends numbered messages, one a turn, until several wait that the kernel
// does not take, or the socket takes no more. It returns how many were taken.
func stuff(t *testing.T, k *socket) (n int) {
	t.Helper()
	for full := false; !full; {
		k.do(t, func(c *edge.Conn) {
			full = c.Buffered() > 3*thick || !c.Send(edge.TextOf([]byte(numbered(n, thick))))
		})
		if !full {
			n++
		}
	}
	return n
}

// isRest requires that the remainder goes on behind its first, up to the n-th
// message.
func (r remainder) isRest(t *testing.T, n int) {
	t.Helper()
	require.True(t, r.whole)
	require.Equal(t, n, r.first+len(r.texts), "%d behind the first %d", len(r.texts), r.first)
	for i, text := range r.texts {
		require.Equal(t, numbered(r.first+i, len(text)), text)
	}
}

// finish says that nothing more comes, without a close frame.
func (p *peer) finish() {
	p.t.Helper()
	require.NoError(p.t, p.Conn.(interface{ CloseWrite() error }).CloseWrite())
}

// rest reads all that can still be read: whole messages, and the code of a close
// frame.
func (p *peer) rest() (texts []string, code int) {
	p.t.Helper()
	for {
		h, err := ws.ReadHeader(p.r)
		if err != nil {
			return texts, code
		}
		payload := make([]byte, h.Length)
		if _, err = io.ReadFull(p.r, payload); err != nil {
			return texts, code
		}
		switch h.OpCode {
		case ws.OpText:
			texts = append(texts, string(payload))
		case ws.OpClose:
			return texts, int(payload[0])<<8 | int(payload[1])
		}
	}
}

// Part of what was sent is in the kernel, a message is cut in two, and the rest
// waits in the queue.
func TestRemainsOfALostSocket(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{OutboundBytes: 1 << 20}, nil)
		p, k := s.peer(), s.next()
		n := stuff(t, k)
		p.finish()
		require.True(t, k.end(t).Lost())
		k.left.isRest(t, n)
		require.Equal(t, k.left.written, k.left.first)
		got, _ := p.rest()
		require.LessOrEqual(t, len(got), k.left.first, "what the peer has whole does not remain")
		var waits int
		k.do(t, func(c *edge.Conn) { waits = c.Buffered() })
		require.Zero(t, waits, "after Closed nothing is left")
		require.False(t, k.remaining(t).whole)
	})
}

// Whatever the peer has read, and however messages overtook each other: it is
// the beginning of what is kept.
func TestThePeersOrderIsTheNumbering(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{OutboundBytes: 1 << 20}, nil)
		for seed := range uint64(4) {
			rng := rand.New(rand.NewPCG(seed, 11))
			p, k := s.peer(), s.next()
			k.do(t, func(c *edge.Conn) { c.Keep(edge.Keeping{}) })
			var got, sent []string
			for len(sent) < 600 {
				k.do(t, func(c *edge.Conn) {
					for range rng.IntN(20) {
						text := numbered(len(sent), 9+rng.IntN(20<<10))
						f := edge.TextOf([]byte(text))
						if rng.IntN(2) == 0 {
							f.Bulk()
						}
						if c.Buffered()+f.Len() < 1<<20 && c.Send(f) {
							sent = append(sent, text)
						}
					}
				})
				var waits, written int
				k.do(t, func(c *edge.Conn) { waits, written = c.Buffered(), c.Written() })
				for waits > 1<<19 && len(got) < written-8 { // some may be on the way still
					got = append(got, p.text())
				}
			}
			p.finish()
			require.True(t, k.end(t).Lost())
			rest, _ := p.rest()
			got = append(got, rest...)
			require.True(t, k.left.whole)
			require.Zero(t, k.left.first)
			require.ElementsMatch(t, sent, k.left.texts)
			require.LessOrEqual(t, len(got), k.left.written)
			require.Equal(t, k.left.texts[:len(got)], got)
			require.NotEqual(t, sent, k.left.texts, "some should have overtaken others")
		}
	})
}

func TestRemainsAfterAReset(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{}, nil)
		p, k := s.peer(), s.next()
		k.do(t, func(c *edge.Conn) {
			k.onReceive = func(k *socket, text string) {
				var n int
				if _, err := fmt.Sscan(text, &n); err != nil || !k.conn.Acknowledge(n) {
					t.Errorf("acknowledging %q: %v", text, err)
				}
			}
			c.Keep(edge.Keeping{})
			for i := range 10 {
				c.Send(edge.TextOf([]byte(numbered(i, 100))))
			}
		})
		for range 10 {
			p.text()
		}
		p.send(text("4"))
		require.Equal(t, "4", take(t, k.received, "a message"))
		p.send(text("9")[:3])
		p.vanish()
		require.True(t, k.end(t).Lost())
		k.left.isRest(t, 10)
		require.Equal(t, 4, k.left.first)
	})
}

// When the server closes, what waits is written all the same, and counts as not
// known to be delivered.
func TestRemainsOfASilentSocket(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		cfg := quick()
		cfg.OutboundBytes, cfg.CloseTimeout = 1<<20, forever
		s := serve(t, m, cfg, nil)
		p, k := s.peer(), s.next()
		n := stuff(t, k)
		require.Equal(t, uint16(4508), k.end(t).Code)
		k.left.isRest(t, n)
		got, code := p.rest()
		require.Equal(t, 4508, code)
		require.Len(t, got, n)
	})
}

func TestNothingRemainsOfASlowReader(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{OutboundBytes: 1 << 20}, nil)
		node := edge.NewAllowance(0)
		s.peer()
		k := s.next()
		n := 0
		k.do(t, func(c *edge.Conn) {
			c.Keep(edge.Keeping{Node: node})
			for c.Send(edge.TextOf([]byte(numbered(n, thick)))) {
				n++
			}
		})
		require.Equal(t, uint16(4513), k.end(t).Code)
		require.Equal(t, remainder{first: k.left.written, written: k.left.written}, k.left)
		require.Less(t, k.left.written, n)
		require.Zero(t, node.Used())
	})
}

// The next socket may not compress: what remains is as it was sent.
func TestRemainsOfACompressingSocket(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serveCompressed(t, m, edge.Config{}, nil)
		p, k := s.compressing(), s.next()
		k.do(t, func(c *edge.Conn) {
			c.Keep(edge.Keeping{})
			for i := range 5 {
				c.Send(c.Shard().NewText(func(b []byte) []byte { return append(b, numbered(i, 2000)...) }))
			}
		})
		for i := range 5 {
			wire, text := p.message()
			require.Equal(t, byte(0xc1), wire[0])
			require.Equal(t, numbered(i, 2000), text)
		}
		require.True(t, k.acknowledge(t, 2))
		var unwritten remainder
		k.do(t, func(c *edge.Conn) {
			c.Send(edge.TextOf([]byte(numbered(5, 2000))))
			unwritten = remaining(c)
		})
		unwritten.isRest(t, 6)
		require.Equal(t, 5, unwritten.written)
		p.vanish()
		k.end(t)
		k.left.isRest(t, 6)
		require.Equal(t, 2, k.left.first)
	})
}
