package edge

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestWheelCallsWhoIsDue(t *testing.T) {
	t.Parallel()
	w := newWheel(8)
	due := map[*Conn]int32{}
	for in := range int32(12) {
		c := &Conn{slot: -1}
		w.schedule(c, in)
		due[c] = max(1, min(in, 7)) // at least one tick, at most the rim
	}
	for w.now < 12 {
		w.tick(func(c *Conn) {
			require.Equal(t, due[c], w.now)
			delete(due, c)
		})
	}
	require.Empty(t, due)
}

// A check may put its own socket back, and take others out of the same slot.
func TestWheelIsChangedWhileItTurns(t *testing.T) {
	t.Parallel()
	w := newWheel(4)
	a, b, c := &Conn{slot: -1}, &Conn{slot: -1}, &Conn{slot: -1}
	for _, x := range []*Conn{a, b, c} {
		w.schedule(x, 2)
	}
	var called []*Conn
	check := func(x *Conn) {
		called = append(called, x)
		if x == c { // the last one in is the first one called
			w.remove(b)
			w.schedule(c, 3)
		}
	}
	w.tick(check)
	require.Empty(t, called)
	w.tick(check)
	require.Equal(t, []*Conn{c, a}, called)
	w.tick(check)
	w.tick(check)
	w.tick(check)
	require.Equal(t, []*Conn{c, a, c}, called)
	w.remove(b) // twice is no harm
}

// Against a plain list of dates, over many random changes.
func TestWheelAgainstAList(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	w := newWheel(16)
	conns := make([]*Conn, 50)
	for i := range conns {
		conns[i] = &Conn{slot: -1}
	}
	due := map[*Conn]int32{}
	for range 20000 {
		c := conns[rng.IntN(len(conns))]
		switch rng.IntN(4) {
		case 0, 1:
			in := 1 + rng.Int32N(15)
			w.schedule(c, in)
			due[c] = w.now + in
		case 2:
			w.remove(c)
			delete(due, c)
		case 3:
			w.tick(func(c *Conn) {
				require.Equal(t, w.now, due[c])
				delete(due, c)
			})
			for _, at := range due {
				require.Greater(t, at, w.now, "a socket was forgotten")
			}
		}
	}
}

// The whole life of a silent socket in ticks, without a clock.
func TestHeartbeatInVirtualTime(t *testing.T) {
	t.Parallel()
	for range 50 { // the jitter is random
		c, sock := newTestConn(Config{}) // 25 s of heartbeat in ticks of 1 s, 60 s in all
		sock.blocked = true
		c.shard.wheel.schedule(c, jitter(c.shard.beat))
		var pings []int32
		for c.state == stateOpen {
			before := c.out.count()
			c.shard.wheel.tick((*Conn).check)
			if c.state == stateOpen && c.out.count() > before {
				pings = append(pings, c.shard.wheel.now)
			}
			require.LessOrEqual(t, c.shard.wheel.now, int32(60))
		}
		require.Equal(t, int32(60), c.shard.wheel.now)
		require.Equal(t, codeHeartbeat, c.extra.how.Code)
		require.Len(t, pings, 2)
		require.GreaterOrEqual(t, pings[0], int32(22))
		require.LessOrEqual(t, pings[0], int32(28))

		for c.state != stateDead {
			c.shard.wheel.tick((*Conn).check)
		}
		require.Equal(t, int32(65), c.shard.wheel.now, "the closing handshake is given up")
	}
}

// A socket that is heard of is pinged no earlier than a heartbeat, less its
// jitter, after that.
func TestHeartbeatFollowsActivity(t *testing.T) {
	t.Parallel()
	c, _ := newTestConn(Config{})
	c.shard.wheel.schedule(c, jitter(c.shard.beat))
	for range 1000 {
		c.shard.wheel.tick((*Conn).check)
		if c.shard.wheel.now%15 == 0 {
			c.seen = c.shard.wheel.now
		}
		require.True(t, c.out.empty(), "pinged %d ticks after it was heard", c.shard.wheel.now-c.seen)
	}
}

// When the machine slept for an hour, its sockets were not silent for an hour.
func TestAStandstillIsNobodysSilence(t *testing.T) {
	t.Parallel()
	c, _ := newTestConn(Config{})
	s := c.shard
	s.wheel.schedule(c, jitter(s.beat))
	s.next = time.Now().Add(-time.Hour)
	s.runTimers()
	require.Equal(t, int32(1), s.wheel.now)
	require.True(t, s.next.After(time.Now()))
	s.runTimers()
	require.Equal(t, int32(1), s.wheel.now, "the next tick is a tick away")
	require.Equal(t, stateOpen, c.state)
}
