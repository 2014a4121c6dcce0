package room_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/room"
)

// listening starts a node whose behavior tells what it receives, and a session
// of it on another shard.
func listening(t *testing.T, cfg room.Config, query string) (*node, *peer, *room.Session, chan string) {
	t.Helper()
	entered, received := make(chan *room.Session, 16), make(chan string, 4096)
	n := start(t, cfg, &fake{
		enter:   func(s *room.Session) { s.Welcome(); s.Release(); entered <- s },
		receive: func(_ *room.Session, e protocol.Envelope) { received <- string(e.Type) },
	})
	p := n.enter(query)
	return n, p, take(t, entered, "the session"), received
}

// flood sends frames of a size, numbered from 0.
func (p *peer) flood(count, size int) {
	p.t.Helper()
	for i := range count {
		f := fmt.Sprintf(`{"type":"%d","data":{}}`, i)
		p.send(f + strings.Repeat(" ", max(0, size-len(f))))
	}
}

// What a session sends while the room does not read from it is bounded: then its
// socket is not read from either. Nothing of it is lost.
func TestFloodOfAPausedSession(t *testing.T) {
	for name, c := range map[string]struct{ count, size, queued int }{
		"many frames":  {200, 40, 32},
		"large frames": {10, 20_000, 4}, // four pass 64 KiB
	} {
		t.Run(name, func(t *testing.T) {
			n, p, s, received := listening(t, room.Config{}, "user=1&shift=1")
			neighbor := n.enter("user=2&shift=1")
			n.in(1, func(*room.Room) { s.PauseReading() })
			queued := func() (q int) {
				n.in(1, func(*room.Room) { q = s.Queued() })
				return q
			}
			flooded := make(chan struct{})
			go func() { defer close(flooded); p.flood(c.count, c.size) }()
			require.Eventually(t, func() bool { return queued() == c.queued }, patience, time.Millisecond, "the bound")
			for range 3 {
				neighbor.alive() // turns of the same shard
				require.Equal(t, c.queued, queued())
			}
			require.Empty(t, received)
			n.in(1, func(*room.Room) { s.ResumeReading() })
			for i := range c.count {
				require.Equal(t, fmt.Sprint(i), take(t, received, "a frame"))
			}
			take(t, flooded, "the end of the flood")
			p.alive()
		})
	}
}

// A client may leave while the room is not reading from it: what it said before
// is heard.
func TestLeavingBehindAQueue(t *testing.T) {
	n, p, s, received := listening(t, room.Config{}, "shift=1")
	n.in(1, func(*room.Room) { s.PauseReading() })
	p.flood(3, 0)
	go func() { _ = p.conn.Close(websocket.StatusNormalClosure, "") }()
	sockets := n.edge.Shards()[2]
	require.Eventually(t, func() bool { return sockets.Sockets() == 0 }, patience, time.Millisecond, "the end of the socket")
	n.in(1, func(*room.Room) {
		assert.False(t, s.Gone())
		s.ResumeReading()
	})
	for i := range 3 {
		require.Equal(t, fmt.Sprint(i), take(t, received, "a frame"))
	}
	require.Equal(t, protocol.LeaveLeft, take(t, n.fake.left, "the leave"))
}

// What arrives after the room goes on reading follows what has been queued.
func TestArrivingBehindAQueue(t *testing.T) {
	n, p, s, received := listening(t, room.Config{}, "shift=1")
	n.in(1, func(*room.Room) { s.PauseReading() })
	p.send(`{"type":"first"}`)
	require.Eventually(t, func() (all bool) {
		n.in(1, func(*room.Room) { all = s.Queued() == 1 })
		return all
	}, patience, time.Millisecond, "the queue")
	home := n.edge.Shards()[1]
	n.in(1, func(*room.Room) {
		p.send(`{"type":"second"}`)
		assert.Eventually(t, func() bool { return home.Depth() > 0 }, patience, time.Millisecond, "the second frame")
		s.ResumeReading() // the queue's turn comes after it
	})
	require.Equal(t, "first", take(t, received, "a frame"))
	require.Equal(t, "second", take(t, received, "a frame"))
}

// A session that is closed while the room is not reading from it says no more.
func TestClosedBehindAQueue(t *testing.T) {
	n, p, s, received := listening(t, room.Config{}, "shift=1")
	n.in(1, func(*room.Room) { s.PauseReading() })
	p.flood(3, 0)
	require.Eventually(t, func() (all bool) {
		n.in(1, func(*room.Room) { all = s.Queued() == 3 })
		return all
	}, patience, time.Millisecond, "the queue")
	n.in(1, func(*room.Room) {
		s.ResumeReading()
		s.Close(protocol.CloseForbidden, "removed", protocol.LeaveRemoved)
	})
	require.Equal(t, protocol.LeaveRemoved, take(t, n.fake.left, "the leave"))
	require.Equal(t, protocol.CloseForbidden, p.code())
	require.Empty(t, received)
}

// underBound is how many frames of 143 bytes it takes for a link to be behind
// where HoldBytes is 8 KiB.
const underBound = 4<<10/143 + 1

// While another shard of the room cannot keep up, whoever broadcasts is not read
// from, and nothing is lost.
func TestBroadcastsToAShardThatIsBehind(t *testing.T) {
	const count = 300
	for _, from := range []int{0, 1} { // the room's own shard, and one that keeps up
		t.Run(fmt.Sprintf("from shard %d", from), func(t *testing.T) {
			f := room.Encode("to-all", 1, text(strings.Repeat("x", 100)))
			var in *room.Room
			received := make(chan struct{}, count)
			n := start(t, room.Config{HoldBytes: 8 << 10}, &fake{
				receive: func(*room.Session, protocol.Envelope) {
					in.Broadcast("", f)
					received <- struct{}{}
				},
			})
			sender := n.enter(fmt.Sprintf("user=1&shift=%d", from))
			neighbor, behind := n.enter("user=2&shift=0"), n.enter("user=3&shift=2")
			n.in(1, func(r *room.Room) { in = r })
			goOn := n.stand(2)
			flooded := make(chan struct{})
			go func() { defer close(flooded); sender.flood(count, 0) }()

			for range underBound {
				require.EqualValues(t, "to-all", neighbor.read().Type)
			}
			for range 3 {
				neighbor.alive()
				require.Len(t, received, underBound, "the sender waits")
			}
			goOn()
			for range count {
				require.EqualValues(t, "to-all", behind.read().Type)
			}
			take(t, flooded, "the end of the flood")
			behind.alive()
		})
	}
}

// Where several shards are behind, a sender waits for all of them.
func TestBroadcastsToTwoShardsThatAreBehind(t *testing.T) {
	f := room.Encode("to-all", 1, text(strings.Repeat("x", 100)))
	var in *room.Room
	n := start(t, room.Config{HoldBytes: 8 << 10}, &fake{
		receive: func(*room.Session, protocol.Envelope) { in.Broadcast("", f) },
	})
	sender, neighbor := n.enter("user=1&shift=0"), n.enter("user=2&shift=0")
	first, second := n.enter("user=3&shift=1"), n.enter("user=4&shift=2")
	n.in(1, func(r *room.Room) { in = r })
	firstGoesOn, secondGoesOn := n.stand(1), n.stand(2)
	sender.flood(underBound+1, 0)
	read := func(p *peer) {
		for range underBound {
			require.EqualValues(t, "to-all", p.read().Type)
		}
	}
	read(neighbor)
	firstGoesOn()
	read(first)
	for range 3 {
		first.alive() // there and back: the room knows that this one has caught up
	}
	neighbor.alive()
	secondGoesOn()
	read(second)
	for _, p := range []*peer{neighbor, first, second} {
		require.EqualValues(t, "to-all", p.read().Type)
		p.alive()
	}
}

// A room's shard that cannot keep up is not sent more and more by the others:
// their sockets are read from when it has caught up. Nothing is lost.
func TestSocketsOfARoomThatIsBehind(t *testing.T) {
	const senders, count, size = 8, 100, 200
	const hold = 8 << 10
	received := make(map[int64][]string)
	all := make(chan struct{})
	left := senders * count
	n := start(t, room.Config{HoldBytes: hold}, &fake{receive: func(s *room.Session, e protocol.Envelope) {
		received[s.User().ID] = append(received[s.User().ID], string(e.Type))
		if left--; left == 0 {
			close(all)
		}
	}})
	var peers []*peer
	for i := range senders {
		peers = append(peers, n.enter(fmt.Sprintf("user=%d&shift=1", i+1)))
	}
	neighbor := n.enter("room=2&user=9&shift=0") // on the senders' shard
	home, sockets := n.edge.Shards()[1], n.edge.Shards()[2]
	goOn := n.stand(0)
	for _, p := range peers {
		go p.flood(count, size)
	}
	require.Eventually(t, func() bool { return n.hub.UnderWay(sockets, home) > hold/2 }, patience, time.Millisecond)
	for range 3 {
		neighbor.alive()
		require.LessOrEqual(t, n.hub.UnderWay(sockets, home), hold/2+senders*size, "one frame more from each")
	}
	goOn()
	take(t, all, "all that was sent")
	n.in(1, func(*room.Room) {})
	var want []string
	for i := range count {
		want = append(want, fmt.Sprint(i))
	}
	for i := range senders {
		require.Equal(t, want, received[int64(i+1)])
	}
}

// text is a payload that is a plain string.
type text string

// AppendJSON implements protocol.Payload.
func (x text) AppendJSON(b []byte) []byte { return fmt.Appendf(b, "%q", string(x)) }
