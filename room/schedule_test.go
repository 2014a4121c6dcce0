package room_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/room"
)

// TestSchedules has four clients live through random schedules of what can happen
// to a connection, on one node and on several, and requires that each gets every frame once and in order, or
// is told that it starts afresh; and that nothing is left when all are gone. A
// schedule that failed is played again with PARLEY_SEED=<seed>.
func TestSchedules(t *testing.T) {
	seed, err := strconv.ParseUint(os.Getenv("PARLEY_SEED"), 10, 64)
	schedules := uint64(1)
	if err != nil {
		seed, schedules = uint64(time.Now().UnixNano()), 25
	}
	for range schedules {
		for _, nodes := range []int{1, 3} {
			t.Run(fmt.Sprintf("seed %d, %d nodes", seed, nodes), func(t *testing.T) { newSchedule(t, seed, nodes).run(80) })
		}
		seed++
	}
}

// schedule is some nodes with their clients.
type schedule struct {
	t       *testing.T
	nodes   []*node
	rng     *rand.Rand
	heard   chan struct{} // a client's frame was answered
	serial  int           // of frames, and of tokens
	clients []*returner
}

const roomsOfSchedule = 3

func newSchedule(t *testing.T, seed uint64, nodes int) *schedule {
	x := &schedule{t: t, rng: rand.New(rand.NewPCG(seed, 1)), heard: make(chan struct{}, 1)}
	cfg := room.Config{SessionsOfUser: 10, Resume: room.Resume{Window: time.Hour, Frames: 10_000, Bytes: 8 << 20, NodeBytes: 64 << 20}}
	x.nodes = startNodes(t, nodes, cfg, func(int) *fake {
		return &fake{receive: func(s *room.Session, e protocol.Envelope) {
			s.Ack(e.ID, protocol.Empty{})
			x.heard <- struct{}{}
		}}
	}).all
	for i, query := range []string{"room=1&ack=1", "room=1", "channel=all&ack=1", "channel=all"} {
		x.clients = append(x.clients, &returner{
			x: x, user: int64(7 + i), query: query, acks: i%2 == 0, multiplexed: i >= 2,
		})
	}
	return x
}

func (x *schedule) run(steps int) {
	for _, c := range x.clients {
		c.connect()
	}
	for range steps {
		c := x.clients[x.rng.IntN(len(x.clients))]
		switch x.rng.IntN(12) {
		case 0, 1, 2:
			x.broadcast(1 + x.rng.IntN(roomsOfSchedule))
		case 3, 4:
			c.readSome(x.rng.IntN(c.expected() + 1))
		case 5:
			c.speak()
		case 6:
			c.acknowledge()
		case 7:
			c.toggle(1 + x.rng.IntN(roomsOfSchedule))
		case 8, 9:
			c.cut()
		case 10:
			c.comeBack()
		default:
			c.rare(x.rng.IntN(4))
		}
	}
	for _, c := range x.clients {
		c.comeBack()
		c.readSome(c.expected())
		c.peer.alive()
		c.leave()
	}
	x.empty()
}

// any is one of the nodes.
func (x *schedule) any() *node { return x.nodes[x.rng.IntN(len(x.nodes))] }

// suspended is how many sessions wait for their clients.
func (x *schedule) suspended() (n int) {
	for _, node := range x.nodes {
		n += node.meter.get("suspended")
	}
	return n
}

// broadcast says something in a room, to all who are in it.
func (x *schedule) broadcast(roomID int) {
	x.serial++
	for _, n := range x.nodes {
		n.in(int64(roomID), func(r *room.Room) {
			if r != nil {
				r.Broadcast("", room.EncodeIn(r, protocol.TypeTyping, protocol.Typing{Note: fmt.Sprint(x.serial)}))
			}
		})
	}
	for _, c := range x.clients {
		if c.in(roomID) {
			c.expect(stream(roomID), fmt.Sprintf("note %d", x.serial))
		}
	}
}

// has reports whether a session of a connection is in a room, on any node.
func (x *schedule) has(roomID int64, session string) (found bool) {
	for _, n := range x.nodes {
		n.in(roomID, func(r *room.Room) {
			if r == nil {
				return
			}
			for s := range r.Sessions("") {
				found = found || s.ConnectionID() == session
			}
		})
	}
	return found
}

// away is how many clients have a session and no socket.
func (x *schedule) away() (n int) {
	for _, c := range x.clients {
		if c.session != "" && c.peer == nil {
			n++
		}
	}
	return n
}

// settled waits until the node has as many lines as there are clients.
func (x *schedule) settled() {
	x.t.Helper()
	lines := 0
	for _, c := range x.clients {
		if c.session != "" {
			lines++
		}
	}
	require.Eventually(x.t, func() bool {
		left := 0
		for _, n := range x.nodes {
			for _, c := range x.clients {
				if c.peer != nil { // sessions of which the first welcome was lost
					n.hub.Expire(c.user)
				}
			}
			left += n.hub.Lines()
		}
		return left == lines
	}, patience, time.Millisecond)
}

// empty requires that nothing is left of anybody.
func (x *schedule) empty() {
	x.settled()
	for _, n := range x.nodes {
		for _, what := range []string{"suspended", "rooms", "session chat", "session all"} {
			n.await(what, 0)
		}
		n.bare(0)
	}
	for _, c := range x.clients {
		for range 10 { // the quota is free again
			x.any().enter(c.address())
		}
	}
}
