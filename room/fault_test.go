package room_test

import (
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/output"
	"parley/protocol"
	"parley/room"
)

// faulty starts a node that panics for user 1 where the test says, with a
// bystander in the room.
func faulty(t *testing.T, f *fake) (*node, *peer, *output.Buffer) {
	t.Helper()
	j := &output.Buffer{}
	n := start(t, room.Config{Logger: slog.New(slog.NewTextHandler(j, nil))}, f)
	return n, n.enter("user=2"), j
}

func TestPanicInReceive(t *testing.T) {
	n, bystander, log := faulty(t, &fake{receive: func(*room.Session, protocol.Envelope) { panic("out of cheese") }})
	p := n.enter("user=1")
	p.send(`{"type":"boom","id":"1"}`)
	require.Equal(t, protocol.CloseInternal, p.code())
	require.Equal(t, protocol.LeaveTimeout, take(t, n.fake.left, "the leave"))
	bystander.alive()
	require.Contains(t, log.String(), "out of cheese")
}

func TestPanicInEnter(t *testing.T) {
	n, bystander, log := faulty(t, &fake{enter: func(s *room.Session) {
		if s.User().ID == 1 {
			panic("out of cheese")
		}
		s.Welcome()
	}})
	require.Equal(t, protocol.CloseInternal, n.dial("user=1").code())
	take(t, n.fake.left, "the leave")
	bystander.alive()
	require.Contains(t, log.String(), "out of cheese")
	require.Equal(t, 1, n.meter.get("session chat"))
}

func TestPanicInLeave(t *testing.T) {
	n, bystander, _ := faulty(t, &fake{leave: func(*room.Session, protocol.LeaveReason) { panic("out of cheese") }})
	_ = n.enter("user=1").conn.CloseNow()
	take(t, n.fake.left, "the leave")
	bystander.alive()
	require.Equal(t, 1, n.meter.get("session chat"))
}

func TestPanicInDrained(t *testing.T) {
	n, bystander, _ := faulty(t, &fake{receive: func(s *room.Session, _ protocol.Envelope) {
		s.WhenDrained(func() { panic("out of cheese") })
	}})
	p := n.enter("user=1")
	p.send(`{"type":"boom"}`)
	require.Equal(t, protocol.CloseInternal, p.code())
	bystander.alive()
}

// A fault in what is done for a whole room ends that room's sessions, which may
// come back to one that is made anew, and no other's.
func TestPanicOfARoom(t *testing.T) {
	n, bystander, log := faulty(t, &fake{})
	elsewhere := n.enter("user=3&room=4") // on the same shard
	require.True(t, n.hub.In(1, func(*room.Room) { panic("out of cheese") }))
	require.Equal(t, protocol.CloseInternal, bystander.code())
	elsewhere.alive()
	require.Contains(t, log.String(), "out of cheese")

	bystander = n.enter("user=2")
	n.in(1, func(r *room.Room) { r.Post(func() { panic("once more") }) })
	require.Equal(t, protocol.CloseInternal, bystander.code())

	n.enter("user=2")
	_, err := room.Ask(t.Context(), n.hub, 1, func(*room.Room) int { panic("and again") })
	require.Error(t, err, "the one who asks does not wait for ever")
	require.Equal(t, protocol.CodeInternal, protocol.AsError(err).Code)
	elsewhere.alive()
}
