package edge

import (
	"testing"

	"github.com/gobwas/ws"
	"github.com/stretchr/testify/require"
)

// echo sends what it receives to so many sockets.
type echo struct {
	listener
	to       []*Conn
	received int
}

func (e *echo) Receive([]byte) {
	e.received++
	f := TextOf([]byte("x"))
	for _, c := range e.to {
		c.Send(f)
	}
}

// another is a further connection of c's shard.
func another(c *Conn) (*Conn, *fakeSocket) {
	sock := &fakeSocket{}
	c.shard.sockets.Add(1)
	return &Conn{shard: c.shard, sock: sock, slot: -1, handler: &listener{}}, sock
}

func messages(n int) []byte {
	one := ws.MustCompileFrame(ws.MaskFrameWith(ws.NewTextFrame([]byte("m")), [4]byte{1, 2, 3, 4}))
	var all []byte
	for range n {
		all = append(all, one...)
	}
	return all
}

// A flood is handled over several turns, in order and whole, and leaves room
// for others in each.
func TestAFloodIsBoundedPerTurn(t *testing.T) {
	t.Parallel()
	const flood = 2000
	c, _ := newTestConn(Config{})
	var share Share
	noisy := &echo{to: []*Conn{c}}
	c.handler = noisy
	c.Join(&share)
	quiet, _ := another(c)
	heard := &echo{to: []*Conn{quiet}}
	quiet.handler = heard
	quiet.Join(&Share{})

	c.shard.budget.begin()
	c.feed(messages(flood))
	quiet.feed(messages(1))
	c.shard.takeTurn()
	require.Equal(t, shareQuantum/(costFrame+1)+1, noisy.received)
	require.Equal(t, 1, heard.received)
	turns := 1
	for c.shard.busy() {
		c.shard.budget.begin()
		quiet.feed(messages(1))
		c.shard.takeTurn()
		turns++
	}
	require.Equal(t, flood, noisy.received)
	require.Equal(t, turns, heard.received, "the quiet one was heard in every turn")
	require.Greater(t, turns, 2)
	require.Nil(t, c.in)
}

// Without a group a socket is bounded by the turn as a whole.
func TestATurnIsBounded(t *testing.T) {
	t.Parallel()
	c, _ := newTestConn(Config{})
	e := &echo{}
	c.handler = e
	c.shard.budget.begin()
	c.feed(messages(2 * turnQuantum / costFrame))
	require.Equal(t, turnQuantum/costFrame, e.received)
	for c.shard.busy() {
		c.shard.turn()
	}
	require.Equal(t, 2*turnQuantum/costFrame, e.received)
}

// The sockets of a large group are written to over several turns, while small
// groups are written to in each; and the large group's senders wait meanwhile.
func TestALargeGroupIsWrittenOverSeveralTurns(t *testing.T) {
	t.Parallel()
	const members = 10 * turnWrites
	c, _ := newTestConn(Config{})
	s := c.shard
	var share Share
	var all []*Conn
	for range members {
		m, sock := another(c)
		sock.keep = true
		all = append(all, m)
	}
	speaker := &echo{to: all}
	c.handler = speaker
	c.Join(&share)
	written := func() (n int) {
		for _, m := range all {
			if len(m.sock.(*fakeSocket).written) > 0 {
				n++
			}
		}
		return n
	}

	s.budget.begin()
	c.feed(messages(5))
	require.Less(t, speaker.received, 5, "it runs ahead of the writing by a bounded number of frames")
	require.False(t, s.budget.allows(&share))
	require.True(t, s.budget.allows(&Share{}))
	s.takeTurn()
	require.Equal(t, turnWrites, written())
	small, sock := another(c)
	sock.keep = true
	small.Send(TextOf([]byte("small")))
	s.turn()
	require.Equal(t, 2*turnWrites, written())
	require.NotEmpty(t, sock.written)
	for s.busy() {
		s.turn()
	}
	require.Equal(t, members, written())
	require.Equal(t, 5, speaker.received)
	for _, m := range all {
		require.Len(t, m.sock.(*fakeSocket).written, 5*3, "5 frames of 3 bytes")
	}
	require.True(t, s.budget.allows(&share))
}

// What is posted is bounded by the turn, too, and keeps its order.
func TestPostedFunctionsAreSpreadOverTurns(t *testing.T) {
	t.Parallel()
	c, _ := newTestConn(Config{})
	const n = 2 * turnQuantum / costFrame
	var ran []int
	for i := range n {
		require.True(t, c.shard.Post(func() { ran = append(ran, i) }))
	}
	c.shard.turn()
	require.Len(t, ran, turnQuantum/costFrame)
	c.shard.Post(func() { ran = append(ran, n) })
	for c.shard.busy() || c.shard.Depth() > 0 {
		c.shard.turn()
	}
	require.Len(t, ran, n+1)
	for i, got := range ran {
		require.Equal(t, i, got)
	}
}

// Where frames go to several sockets, a turn writes to some of them; where they go
// to one, to all.
func TestWritesOfATurn(t *testing.T) {
	t.Parallel()
	var b budget
	for range 1000 {
		b.begin()
		b.charge(nil, 9)
	}
	require.Equal(t, turnWrites, b.writes())
	for range 100 { // it soon learns
		b.begin()
		b.charge(nil, 1)
	}
	require.Greater(t, b.writes(), 1<<20)
}

// What is to run when all is written waits for the turns that it takes.
func TestAfterTurnWaitsForTheWriting(t *testing.T) {
	t.Parallel()
	c, _ := newTestConn(Config{})
	s := c.shard
	s.budget.received, s.budget.fanned = 1, 100 // frames go to many
	var socks []*fakeSocket
	for range 2*turnWrites + 1 {
		m, sock := another(c)
		sock.keep = true
		socks = append(socks, sock)
		m.Send(TextOf([]byte("x")))
	}
	ran := false
	s.AfterTurn(func() {
		ran = true
		for _, sock := range socks {
			require.NotEmpty(t, sock.written)
		}
	})
	turns := 0
	for ; !ran; turns++ {
		s.turn()
	}
	require.Equal(t, 3, turns)
	require.Empty(t, s.after)
}
