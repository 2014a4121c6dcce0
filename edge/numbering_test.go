package edge

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsflate"
	"github.com/stretchr/testify/require"
)

// asker is a handler that asks what remains when it is told of the end.
type asker struct {
	listener
	conn *Conn
	left []string
	ok   bool
}

func (a *asker) Closed(how Closure) {
	a.listener.Closed(how)
	_, a.left, a.ok = remains(a.conn)
}

func remains(c *Conn) (first int, texts []string, whole bool) {
	first, frames, whole := c.Remains()
	texts = []string{}
	for _, f := range frames {
		texts = append(texts, string(f.Payload()))
		f.Release(c.shard)
	}
	return first, texts, whole
}

// stingy is a connection whose transport takes what it is told to.
func stingy(deflate bool) (*Conn, *stingySocket, *asker) {
	c, _ := newTestConn(Config{OutboundBytes: 1 << 20})
	sock := &stingySocket{}
	a := &asker{conn: c}
	c.sock, c.handler, c.deflate = sock, a, deflate
	return c, sock, a
}

// trial is one random course of a connection.
type trial struct {
	c     *Conn
	sock  *stingySocket
	asker *asker
	rng   *rand.Rand
	made  []*Frame
	sent  int
	acked int
	said  []said
}

// said is an answer of Remains, and how much was written then.
type said struct {
	first, written int
	texts          []string
}

func (x *trial) step(t *testing.T) {
	c := x.c
	switch x.rng.IntN(8) {
	case 0, 1, 2:
		f := c.shard.NewText(func(b []byte) []byte {
			b = fmt.Appendf(b, "%d:", x.sent)
			return append(b, prose(x.rng.IntN(700))...)
		})
		if x.rng.IntN(2) == 0 {
			f.Bulk()
		}
		x.made = append(x.made, f)
		x.sent++
		require.True(t, c.Send(f))
	case 3:
		c.queue(c.ping())
	case 4, 5:
		x.sock.room = x.rng.IntN(1500)
		c.writable()
	case 6:
		c.shard.turn()
	default:
		n := x.acked + x.rng.IntN(c.Written()-x.acked+1)
		require.True(t, c.Acknowledge(n))
		require.False(t, c.Acknowledge(c.Written()+1))
		x.acked = n
		x.ask(t)
	}
}

func (x *trial) ask(t *testing.T) said {
	first, texts, whole := remains(x.c)
	require.True(t, whole)
	require.GreaterOrEqual(t, first, x.acked)
	s := said{first, x.c.Written(), texts}
	x.said = append(x.said, s)
	return s
}

// Whatever is sent, in whatever classes, and however much of it the transport
// takes at a time: the peer gets the messages in the order of their numbers.
func TestNumberingIsThePeersOrder(t *testing.T) {
	t.Parallel()
	for seed := range uint64(100) {
		x := &trial{rng: rand.New(rand.NewPCG(seed, 5))}
		x.c, x.sock, x.asker = stingy(seed%2 == 0)
		node := NewAllowance(0)
		x.c.Keep(Keeping{Node: node, Frames: int(seed % 50)})
		for range 300 {
			x.step(t)
		}
		last := x.ask(t)
		if seed%3 == 0 {
			x.c.lost()
			x.c.shard.turn()
			require.True(t, x.asker.ok)
			require.Equal(t, last.texts, x.asker.left, "seed %d: what is lost remains", seed)
		} else {
			x.sock.room = 1 << 30
			x.c.writable()
			x.c.shard.turn()
			x.c.shard.turn()
		}
		got := arrived(t, x.sock.written)
		require.Len(t, got, x.c.Written(), "seed %d", seed)
		for _, s := range x.said {
			require.Equal(t, got[s.first:s.written], s.texts[:s.written-s.first], "seed %d: kept", seed)
		}
		if seed%3 != 0 {
			require.Len(t, got, x.sent)
			require.Equal(t, got[last.first:], last.texts, "seed %d: kept and waiting", seed)
			x.c.lost()
			x.c.shard.turn()
		}
		require.Zero(t, node.Used(), "seed %d", seed)
		for _, f := range x.made {
			require.Zero(t, f.holds.Load(), "seed %d: a frame is held for ever", seed)
		}
	}
}

// arrived is the whole text messages at the start of what was written.
func arrived(t *testing.T, wire []byte) (texts []string) {
	t.Helper()
	texts = []string{}
	for r := bytes.NewReader(wire); ; {
		h, err := ws.ReadHeader(r)
		if err != nil {
			return texts
		}
		payload := make([]byte, h.Length)
		if _, err := io.ReadFull(r, payload); err != nil {
			return texts
		}
		if h.OpCode != ws.OpText {
			continue
		}
		if h.Rsv1() {
			payload, err = wsflate.DefaultHelper.Decompress(payload)
			require.NoError(t, err)
		}
		texts = append(texts, string(payload))
	}
}

// However the socket ends, its handler is told before what waits is dropped.
func TestWhatWaitsOutlivesTheSocketUntilClosed(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(c *Conn, sock *stingySocket){
		"lost":                       func(c *Conn, _ *stingySocket) { c.lost() },
		"closed":                     func(c *Conn, _ *stingySocket) { c.Close(1012, "") },
		"closed, and lost at once":   func(c *Conn, _ *stingySocket) { c.Close(1012, ""); c.lost() },
		"closed, and the peer's too": func(c *Conn, _ *stingySocket) { c.Close(1012, ""); c.peerClosed(nil); c.lost() },
		"the peer closed":            func(c *Conn, _ *stingySocket) { c.peerClosed(nil) },
		"a write fails": func(c *Conn, sock *stingySocket) {
			sock.err = errors.New("reset")
			c.writable()
			c.shard.turn()
			require.True(t, c.Send(TextOf([]byte("e"))), "nobody knows yet")
			c.shard.turn()
			c.lost()
		},
		"a write fails, and the peer had closed": func(c *Conn, sock *stingySocket) {
			sock.err = errors.New("reset")
			c.writable()
			c.shard.turn()
			c.peerClosed(nil)
		},
		"a write fails when it is closed": func(c *Conn, sock *stingySocket) {
			sock.err = errors.New("reset")
			c.Close(1012, "")
			c.writable()
			c.flush()
		},
	} {
		t.Run(name, func(t *testing.T) {
			c, sock, a := stingy(false)
			sock.room = 3 + 2 // all of a, a part of d
			for _, text := range []string{"a", "d"} {
				c.Send(TextOf([]byte(text)).Bulk())
			}
			c.shard.turn()
			c.Send(TextOf([]byte("c")).Bulk())
			c.Send(TextOf([]byte("b")))
			c.shard.turn()
			want := []string{"d", "b", "c"}
			end(c, sock)
			if name == "a write fails" {
				want = []string{"d", "b", "e", "c"}
			}
			c.shard.turn()
			require.True(t, a.ok)
			require.Equal(t, want, a.left)
			require.Len(t, a.closed, 1)
			require.Equal(t, 1, c.Written())
			if c.state == stateDead {
				require.Nil(t, c.out, "nothing is kept of a dead socket")
			}
			c.Keep(Keeping{})
			require.Nil(t, c.keeper(), "nor from then on")
		})
	}
}
