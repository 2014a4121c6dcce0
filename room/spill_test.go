package room_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/room"
)

// stand has a room's shard, or the one that many behind it, stand still until
// the function that it returns is called.
func (n *node) stand(behind int) (goOn func()) {
	n.t.Helper()
	standing, held := make(chan struct{}, 1), make(chan struct{})
	shards := n.edge.Shards()
	shards[(1+behind)%len(shards)].Post(func() { standing <- struct{}{}; <-held })
	take(n.t, standing, "the shard's standing still")
	goOn = sync.OnceFunc(func() { close(held) })
	n.t.Cleanup(goOn)
	return goOn
}

// sockets is how many room 1's shard has, and then the others, the busiest first.
func (n *node) sockets() []int {
	shards := n.edge.Shards()
	home, other, another := shards[1].Sockets(), shards[2].Sockets(), shards[0].Sockets()
	return []int{home, max(other, another), min(other, another)}
}

// placed starts a node that chooses the shards itself.
func placed(t *testing.T, cfg room.Config) *node {
	t.Helper()
	n := start(t, cfg, &fake{})
	n.free = true
	return n
}

// The first sockets of a room are on its shard, those beyond the bound where the
// fewest are.
func TestLargeRoomSpills(t *testing.T) {
	n := placed(t, room.Config{Spill: 4})
	var peers []*peer
	for i := range 10 {
		peers = append(peers, n.enter(fmt.Sprintf("user=%d", i+1)))
	}
	require.Equal(t, []int{4, 3, 3}, n.sockets())
	n.in(1, func(r *room.Room) {
		n := 0
		for range r.Sessions("") {
			n++
		}
		assert.Equal(t, 10, n)
		r.Broadcast(protocol.ChannelChat, event("to-all"))
	})
	for _, p := range peers {
		require.EqualValues(t, "to-all", p.read().Type)
	}
	require.Equal(t, 10, n.meter.get("out to-all"))
	require.Equal(t, 10, n.meter.get("session chat"))
	require.Equal(t, 1, n.meter.get("rooms"))

	// It is large until half of the bound is left.
	leave := func(from, to int) {
		for _, p := range peers[from:to] {
			_ = p.conn.CloseNow()
			take(t, n.fake.left, "the leave")
		}
	}
	leave(0, 7)
	n.enter("user=20")
	require.Equal(t, []int{1, 2, 1}, n.sockets(), "three are left, and it is spilled")
	leave(7, 9)
	require.Equal(t, []int{1, 1, 0}, n.sockets())
	n.enter("user=21")
	n.enter("user=22")
	require.Equal(t, []int{3, 1, 0}, n.sockets(), "it is a small room again")
}

func TestRoomsSpillAtTheirOwnSize(t *testing.T) {
	n := placed(t, room.Config{Spill: 2})
	for i := range 3 {
		n.enter(fmt.Sprintf("user=%d", i+1))
	}
	require.Equal(t, []int{2, 1, 0}, n.sockets())
	n.enter("user=1&room=3")
	require.Equal(t, []int{2, 2, 0}, n.sockets(), "another room is not concerned")
}

func TestSpillingSwitchedOff(t *testing.T) {
	n := placed(t, room.Config{})
	for i := range 5 {
		n.enter(fmt.Sprintf("user=%d", i+1))
	}
	require.Equal(t, []int{5, 0, 0}, n.sockets())
}

// A socket may be gone before its session is in the room: the room sees it come
// and go, and nothing of it is left.
func TestLostOnTheWayToTheRoom(t *testing.T) {
	n := start(t, room.Config{SessionsOfUser: 1}, &fake{})
	goOn := n.stand(0)
	p := n.dial("shift=1")
	_ = p.conn.CloseNow()
	other := n.edge.Shards()[2]
	require.Eventually(t, func() bool { return other.Sockets() == 0 }, patience, time.Millisecond, "the end of the socket")
	goOn()
	require.Equal(t, protocol.LeaveTimeout, take(t, n.fake.left, "the leave"))
	n.in(1, func(r *room.Room) { require.Nil(t, r) })
	require.Zero(t, n.meter.get("session chat"))
	require.Zero(t, n.meter.get("rooms"))
	n.enter("shift=1").alive()
}

// What comes for a session whose socket has just gone is dropped, before its
// release and after.
func TestSentToASocketThatIsGone(t *testing.T) {
	for name, release := range map[string]func(s *room.Session){
		"released": (*room.Session).Release,
		"held":     func(*room.Session) {},
	} {
		t.Run(name, func(t *testing.T) {
			entered := make(chan *room.Session, 2)
			n := start(t, room.Config{}, &fake{enter: func(s *room.Session) { s.Welcome(); release(s); entered <- s }})
			p := n.enter("user=1&shift=1")
			s := take(t, entered, "the session")
			other := n.enter("user=2&shift=1")
			o := take(t, entered, "the other session")
			sockets := n.edge.Shards()[2]
			n.in(1, func(r *room.Room) {
				_ = p.conn.CloseNow()
				assert.Eventually(t, func() bool { return sockets.Sockets() == 1 }, patience, time.Millisecond, "the end of the socket")
				assert.False(t, s.Gone(), "the room has not heard of it")
				s.Send(event("late"))
				s.Release()
				o.Release()
				s.WhenDrained(func() { t.Error("nothing drains any more") })
				r.Broadcast("", event("to-all"))
				s.Close(protocol.CloseReplaced, "replaced", protocol.LeaveReplaced)
			})
			require.EqualValues(t, "to-all", other.read().Type)
			require.Equal(t, protocol.LeaveReplaced, take(t, n.fake.left, "the leave"))
			other.alive()
			require.Equal(t, 1, n.meter.get("out to-all"), "nothing is sent to a socket that is gone")
			require.Empty(t, n.fake.left, "it leaves once")
		})
	}
}

// Broadcasts are put on the links to those shards only where somebody gets them.
func TestNothingIsPostedWhereNobodyIs(t *testing.T) {
	n := start(t, room.Config{}, &fake{})
	n.enter("user=1&shift=0")
	p := n.enter("user=2&shift=1")
	other := n.edge.Shards()[2]
	depth := func() (d int) {
		goOn := n.stand(1)
		n.in(1, func(r *room.Room) { r.Broadcast("", event("to-all")) })
		n.in(1, func(*room.Room) { d = other.Depth() })
		goOn()
		return d
	}
	require.Equal(t, 1, depth())
	_ = p.conn.CloseNow()
	take(t, n.fake.left, "the leave")
	require.Zero(t, depth())
}

// A reader that is too slow is closed alone, by the shard that writes to it.
func TestSlowReaderElsewhere(t *testing.T) {
	n := start(t, room.Config{}, &fake{})
	here, elsewhere := n.enter("user=1&shift=0"), n.enter("user=2&shift=1")
	n.enter("user=3&shift=1") // reads nothing
	f := room.Encode("big", 1, protocol.Typing{Note: strings.Repeat("x", 64<<10)})
	for len(n.fake.left) == 0 {
		n.in(1, func(r *room.Room) { r.Broadcast("", f) })
		require.EqualValues(t, "big", here.read().Type)
		require.EqualValues(t, "big", elsewhere.read().Type)
	}
	require.Equal(t, protocol.LeaveTimeout, take(t, n.fake.left, "the leave"))
	require.Equal(t, 1, n.ends.get("4513"))
	here.alive()
	elsewhere.alive()
}
