package edge_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/edge"
)

// abandon is Conn.Abandon, after which the handler must hear nothing.
func (k *socket) abandon(c *edge.Conn) {
	k.abandoned = true
	c.Abandon(4409, "replaced")
}

func TestAbandon(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{CloseTimeout: forever}, echo)
		node := edge.NewAllowance(0)
		p, k := s.peer(), s.next()
		taken := true
		k.do(t, func(c *edge.Conn) {
			c.Keep(edge.Keeping{Node: node})
			c.Send(edge.TextOf([]byte("last words")))
			c.NotifyDrained()
			k.onDrained = func(*socket) { t.Error("Drained of an abandoned socket") }
			k.left = remaining(c)
			k.abandon(c)
			taken = c.Send(edge.TextOf([]byte("never sent")))
		})
		require.False(t, taken)
		require.Equal(t, []string{"last words"}, k.left.texts)
		p.send(text("too late"))
		require.Equal(t, "last words", p.text())
		code, reason := p.closeFrame()
		require.Equal(t, uint16(4409), code)
		require.Equal(t, "replaced", reason)
		p.send(text("later still"), closeFrame(4409, ""))
		p.eof()
		s.empty()
		require.Empty(t, k.received)
		require.Zero(t, node.Used())
		s.meter.with(func(m *meter) {
			require.Equal(t, map[uint16]int{4409: 1}, m.closes)
			require.Zero(t, m.open)
		})
	})
}

// A message and the end may come in the turn in which another takes over.
func TestAbandonFromWithin(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{}, func(k *socket) {
			k.onReceive = func(k *socket, _ string) { k.abandon(k.conn) }
		})
		p, k := s.peer(), s.next()
		p.send(text("one"), text("two"), closeFrame(1000, ""))
		code, _ := p.closeFrame()
		require.Equal(t, uint16(4409), code)
		s.empty()
		require.Equal(t, "one", <-k.received)
		require.Empty(t, k.received)
	})
}

// Of a socket that has begun to close only the handler is let go.
func TestAbandonWhatIsClosing(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{}, nil)
		p, k := s.peer(), s.next()
		k.do(t, func(c *edge.Conn) {
			c.Close(1012, "restart")
			k.abandon(c)
		})
		code, _ := p.closeFrame()
		require.Equal(t, uint16(1012), code)
		_ = p.Close()

		p, k = s.peer(), s.next()
		k.do(t, func(c *edge.Conn) { c.Close(1012, "restart") })
		require.Equal(t, uint16(1012), k.end(t).Code)
		k.do(t, func(c *edge.Conn) { c.Abandon(4409, "replaced") }) // it knew already
		_ = p.Close()
		s.empty()
		s.meter.with(func(m *meter) { require.Equal(t, map[uint16]int{1012: 2}, m.closes) })
	})
}
