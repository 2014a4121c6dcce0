package edge

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// watchedDoor counts how often a turn looks at it.
type watchedDoor struct {
	noPoller
	looks int
}

func (d *watchedDoor) accept() { d.looks++ }

// A turn with much to write, or to tell, does not keep newcomers waiting.
func TestLongTurnsLookAtTheDoor(t *testing.T) {
	first, _ := newTestConn(Config{})
	s, door := first.shard, &watchedDoor{}
	s.poll = door
	const n = 3 * glanceEvery
	conns := make([]*Conn, n)
	for i := range conns {
		conns[i] = &Conn{shard: s, sock: &fakeSocket{}, slot: -1, handler: &listener{}}
	}
	s.sockets.Add(n)
	for _, c := range conns {
		c.Send(TextOf([]byte("to all")))
	}
	for s.settle(); s.busy(); {
		s.settle()
	}
	require.Equal(t, 3, door.looks, "while frames were written")

	for _, c := range conns {
		c.lost()
	}
	s.settle()
	require.Equal(t, 6, door.looks, "while handlers were told")
}
