package room_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/room"
)

func event(name string) room.Frame {
	return room.Encode(protocol.Type(name), 1, protocol.Empty{})
}

// holding starts a node whose sessions are not released, and one of them.
func holding(t *testing.T, cfg room.Config) (*node, *peer, *room.Session) {
	t.Helper()
	entered := make(chan *room.Session, 1)
	n := start(t, cfg, &fake{enter: func(s *room.Session) { s.Welcome(); entered <- s }})
	p := n.enter("")
	return n, p, take(t, entered, "the session")
}

func TestHeldFramesFollowRelease(t *testing.T) {
	n, p, s := holding(t, room.Config{})
	n.in(1, func(r *room.Room) {
		r.Broadcast(protocol.ChannelChat, event("held-1"))
		s.Send(event("held-2"))
		s.Direct(event("direct"))
	})
	require.EqualValues(t, "direct", p.read().Type, "past the hold")
	p.alive() // its own answers come too
	n.in(1, func(*room.Room) {
		s.Release()
		s.Send(event("live"))
		s.Release() // twice does nothing
	})
	for _, want := range []string{"held-1", "held-2", "live"} {
		require.EqualValues(t, want, p.read().Type)
	}
	p.alive()
}

func TestHoldIsBounded(t *testing.T) {
	n, p, s := holding(t, room.Config{HoldBytes: 1000})
	big := room.Encode("big", 1, protocol.Typing{Note: strings.Repeat("x", 400)})
	n.in(1, func(*room.Room) { s.Send(big); s.Send(big) })
	p.alive()
	n.in(1, func(*room.Room) { s.Send(big) })
	require.Equal(t, protocol.CloseSlowReader, p.code())
	require.Equal(t, protocol.LeaveTimeout, take(t, n.fake.left, "the leave"))
	n.in(1, func(*room.Room) { // what still happens for it does nothing
		s.Send(big)
		s.Direct(big)
		s.Release()
		s.Ack(protocol.ID(`"1"`), protocol.Empty{})
	})
}

func TestWhenDrained(t *testing.T) {
	n, p, s := holding(t, room.Config{})
	drained := make(chan int, 4)
	n.in(1, func(*room.Room) {
		assert.Equal(t, 32<<10, s.Portion(), "an eighth of the bound")
		s.Direct(room.Encode("big", 1, protocol.Typing{Note: strings.Repeat("x", 1000)}))
		assert.Greater(t, s.Buffered(), 1000)
		s.WhenDrained(func() { drained <- s.Buffered() })
	})
	require.EqualValues(t, "big", p.read().Type)
	require.Zero(t, take(t, drained, "the drain"))
	p.alive()
	require.Empty(t, drained, "once")
}
