package edge

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What is deferred runs in the turn, after the handlers were told of ended
// sockets and before anything is written, and may defer more.
func TestDefer(t *testing.T) {
	c, sock := newTestConn(Config{})
	sock.keep = true
	var order []string
	note := func(what string) {
		require.Empty(t, sock.written, "before anything is written")
		order = append(order, what)
	}
	c.shard.Defer(func() {
		note("first")
		c.shard.Defer(func() { note("third") })
	})
	c.shard.Defer(func() { note("second"); c.Send(TextOf([]byte("x"))) })
	require.Empty(t, order, "not at once")
	c.shard.settle()
	require.Equal(t, []string{"first", "second", "third"}, order)
	require.NotEmpty(t, sock.written, "what it sent left in the same turn")
	c.shard.settle()
	require.Len(t, order, 3, "once")
}

// What is deferred may end sockets, and a handler that hears of the end may defer.
func TestDeferAndEnds(t *testing.T) {
	c, _ := newTestConn(Config{})
	deferred := false
	c.handler = deferring{func() { c.shard.Defer(func() { deferred = true }) }}
	c.shard.Defer(func() { c.Close(1000, "") })
	c.shard.settle()
	require.True(t, deferred)
}

// deferring is a handler that does something at the end.
type deferring struct{ end func() }

func (deferring) Receive([]byte)   {}
func (deferring) Drained()         {}
func (d deferring) Closed(Closure) { d.end() }
