package room_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/room"
)

// script is a behavior that answers each frame with a random act of the room and
// writes down what every member must get of it, in order. All of it is the
// room's shard's.
type script struct {
	rng      *rand.Rand
	number   int
	left     int // frames to come until the end
	released map[*room.Session]bool
	sent     map[int64][]int // by user: what was sent
	held     map[int64][]int // by user: what is to follow the release
}

type numbered struct {
	N int `json:"n"`
}

// AppendJSON implements protocol.Payload.
func (x numbered) AppendJSON(b []byte) []byte { return fmt.Appendf(b, `{"n":%d}`, x.N) }

func (c *script) enter(s *room.Session) {
	s.Welcome()
	if c.rng.IntN(3) > 0 {
		c.release(s)
	}
}

func (c *script) release(s *room.Session) {
	user := s.User().ID
	c.sent[user] = append(c.sent[user], c.held[user]...)
	c.held[user] = nil
	c.released[s] = true
	s.Release()
}

// expect notes that a session is sent a number.
func (c *script) expect(s *room.Session, n int) {
	user := s.User().ID
	if c.released[s] {
		c.sent[user] = append(c.sent[user], n)
	} else {
		c.held[user] = append(c.held[user], n)
	}
}

func (c *script) receive(r *room.Room, s *room.Session) {
	c.number++
	f := room.Encode("numbered", 1, numbered{c.number})
	var all []*room.Session
	for m := range r.Sessions("") {
		all = append(all, m)
	}
	some := all[c.rng.IntN(len(all))]
	switch c.rng.IntN(6) {
	case 0, 1:
		r.Broadcast(protocol.ChannelChat, f)
		for _, m := range all {
			c.expect(m, c.number)
		}
	case 2:
		r.BroadcastLive("", f, room.Except{User: s.User().ID, Sessions: []*room.Session{some}})
		for _, m := range all {
			if m != s && m != some && c.released[m] {
				c.expect(m, c.number)
			}
		}
	case 3:
		some.Send(f)
		c.expect(some, c.number)
	case 4:
		some.Direct(f)
		c.sent[some.User().ID] = append(c.sent[some.User().ID], c.number)
	case 5:
		if !c.released[some] {
			c.release(some)
		}
	}
	if c.left--; c.left == 0 {
		for _, m := range all {
			c.release(m)
		}
		r.Broadcast("", room.Encode("end", 1, protocol.Empty{}))
	}
}

// Whatever the room sends, to one or to many, held back or not, every member gets
// it in the room's order, on whichever shard its socket is.
func TestOrderAtEveryMember(t *testing.T) {
	const members, frames = 9, 150
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	c := &script{
		rng: rand.New(rand.NewPCG(seed, 0)), left: members * frames,
		released: map[*room.Session]bool{}, sent: map[int64][]int{}, held: map[int64][]int{},
	}
	var in *room.Room
	n := start(t, room.Config{HoldBytes: 1 << 20}, &fake{
		enter:   c.enter,
		receive: func(s *room.Session, _ protocol.Envelope) { c.receive(in, s) },
	})
	var peers []*peer
	for i := range members {
		peers = append(peers, n.enter(fmt.Sprintf("user=%d&shift=%d", i+1, i%3)))
	}
	n.in(1, func(r *room.Room) { in = r })

	got := make([][]int, members)
	var wg sync.WaitGroup
	for i, p := range peers {
		wg.Go(func() {
			for range frames {
				p.send(`{"type":"go"}`)
			}
		})
		wg.Go(func() { got[i] = p.numbers() })
	}
	wg.Wait()
	n.in(1, func(*room.Room) {}) // what it wrote down is ours now
	for i := range peers {
		require.Equal(t, c.sent[int64(i+1)], got[i], "what user %d got; seed %d", i+1, seed)
	}
}

// numbers reads numbered frames up to the end.
func (p *peer) numbers() (got []int) {
	for {
		f := p.read()
		if f.Type == "end" {
			return got
		}
		var x numbered
		require.NoError(p.t, json.Unmarshal(f.Data, &x))
		got = append(got, x.N)
	}
}

// What is sent before a close arrives before it, and nothing after.
func TestSentBeforeTheClose(t *testing.T) {
	entered := make(chan *room.Session, 1)
	n := start(t, room.Config{}, &fake{enter: func(s *room.Session) { s.Welcome(); s.Release(); entered <- s }})
	p := n.enter("shift=1")
	s := take(t, entered, "the session")
	home, gone := n.edge.Shards()[1], make(chan bool, 1)
	n.in(1, func(r *room.Room) {
		home.Post(func() { gone <- s.Gone() })
		s.Direct(event("one"))
		r.Broadcast("", event("two"))
		s.Send(event("three"))
		s.Close(protocol.CloseReplaced, "replaced", protocol.LeaveReplaced)
		r.Broadcast("", event("late"))
		s.Send(event("late"))
		s.WhenDrained(func() { t.Error("nothing drains any more") })
		s.Close(protocol.CloseForbidden, "again", protocol.LeaveRemoved)
	})
	for _, want := range []protocol.Type{"one", "two", "three"} {
		require.Equal(t, want, p.read().Type)
	}
	_, _, err := p.conn.Read(t.Context())
	require.ErrorContains(t, err, "replaced", "the end")
	require.Equal(t, protocol.LeaveReplaced, take(t, n.fake.left, "the leave"))
	require.True(t, take(t, gone, "the next turn"), "it has left in the turn of the close")
}
