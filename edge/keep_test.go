package edge_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/edge"
)

// say sends n numbered messages that weigh 166 bytes each, and has the peer read
// them.
func say(t *testing.T, p *peer, k *socket, from, n int) {
	t.Helper()
	k.do(t, func(c *edge.Conn) {
		for i := range n {
			c.Send(edge.TextOf([]byte(numbered(from+i, 100))))
		}
	})
	for i := range n {
		require.Equal(t, numbered(from+i, 100), p.text())
	}
}

const weight = 2 + 100 + 64

func TestKeepAndAcknowledge(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{}, nil)
		p, k := s.peer(), s.next()
		say(t, p, k, 0, 3)
		require.Equal(t, remainder{first: 3, written: 3, whole: true}, k.remaining(t))
		require.True(t, k.acknowledge(t, 2), "without Keep too")
		k.do(t, func(c *edge.Conn) { c.Keep(edge.Keeping{}) })
		say(t, p, k, 3, 97)
		p.send(text("still there"), frame(9, true, "no message"))
		op, _ := p.frame()
		require.Equal(t, byte(10), byte(op))
		for _, step := range []struct {
			n, first int
			ok       bool
		}{
			{0, 3, true},
			{-1, 3, true},
			{1, 3, true},
			{50, 50, true},
			{101, 50, false},
			{49, 50, true},
			{50, 50, true},
			{99, 99, true},
			{100, 100, true},
			{7, 100, true},
		} {
			require.Equal(t, step.ok, k.acknowledge(t, step.n), "%+v", step)
			r := k.remaining(t)
			r.isRest(t, 100)
			require.Equal(t, step.first, r.first, "%+v", step)
		}
		say(t, p, k, 100, 2)
		k.remaining(t).isRest(t, 102)
		k.do(t, func(c *edge.Conn) { c.Keep(edge.Keeping{}) }) // anew
		require.Equal(t, 102, k.remaining(t).first)
	})
}

// Where a bound would be passed the oldest go.
func TestKeepingIsBounded(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		for name, bounds := range map[string]edge.Keeping{
			"frames": {Frames: 7},
			"bytes":  {Bytes: 7*weight + weight - 1},
			"node":   {Node: edge.NewAllowance(7 * weight)},
			"all":    {Frames: 8, Bytes: 7 * weight, Node: edge.NewAllowance(8 * weight)},
		} {
			t.Run(name, func(t *testing.T) {
				s := serve(t, m, edge.Config{}, nil)
				p, k := s.peer(), s.next()
				p.t = t
				k.do(t, func(c *edge.Conn) { c.Keep(bounds) })
				say(t, p, k, 0, 100)
				r := k.remaining(t)
				r.isRest(t, 100)
				require.Equal(t, 93, r.first)
				require.True(t, k.acknowledge(t, 95))
				say(t, p, k, 100, 1)
				require.Equal(t, 95, k.remaining(t).first, "there is room again")
				if bounds.Node != nil {
					require.Equal(t, 6*weight, bounds.Node.Used())
				}
				if name != "frames" { // one that does not fit alone: none before it is of use
					k.send(t, strings.Repeat("z", 8*weight))
					p.text()
					require.Equal(t, 102, k.remaining(t).first)
				}
				p.vanish()
				k.end(t)
				require.Zero(t, bounds.Node.Used())
			})
		}
	})
}

// Sockets share what the node allows; whoever finds it used up keeps less, and
// what one gives back another may use.
func TestTheNodesAllowanceIsShared(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		node := edge.NewAllowance(10 * weight)
		s := serve(t, m, edge.Config{}, func(k *socket) { k.conn.Keep(edge.Keeping{Node: node}) })
		p1, k1 := s.peer(), s.next()
		p2, k2 := s.peer(), s.next()
		say(t, p1, k1, 0, 8)
		say(t, p2, k2, 0, 5)
		firsts := func() [2]int { return [2]int{k1.remaining(t).first, k2.remaining(t).first} }
		require.Equal(t, [2]int{0, 3}, firsts())
		require.Equal(t, 10*weight, node.Used())
		require.True(t, k1.acknowledge(t, 5))
		say(t, p2, k2, 5, 4)
		require.Equal(t, [2]int{5, 3}, firsts())
		p1.vanish()
		k1.end(t)
		require.Equal(t, 6*weight, node.Used())
		k2.do(t, func(c *edge.Conn) { c.Close(1012, "restart") })
		k2.end(t)
		require.Zero(t, node.Used(), "also while the peer has not answered the close frame")
	})
}

func TestAllowanceIsExact(t *testing.T) {
	t.Parallel()
	a := edge.NewAllowance(1000)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 10000 {
				if a.Take(300) {
					if used := a.Used(); used > 900 {
						t.Errorf("%d bytes are used", used)
					}
					a.Give(300)
				}
			}
		})
	}
	all.Wait()
	require.Zero(t, a.Used())
	require.True(t, a.Take(1000), "the bound itself is allowed")
	require.False(t, a.Take(1))
	require.True(t, edge.NewAllowance(0).Take(1<<40))

	var none *edge.Allowance
	require.True(t, none.Take(1))
	none.Give(1)
	require.Zero(t, none.Used())
}
