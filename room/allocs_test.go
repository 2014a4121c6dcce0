package room

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/edge"
	"parley/protocol"
)

// A broadcast on the room's own shard costs no memory: neither the room's frames
// nor the exceptions are copied. Across shards it is one function for each shard,
// however many sockets there are, once a batch is there to fill.
func TestBroadcastAllocations(t *testing.T) {
	a, b := twoShards(t)
	a.hub.cfg.Meter = unmetered{}
	f := Encode(protocol.TypeChatMessage, 1, protocol.Empty{})
	r := &Room{id: 2, shard: a}
	for i := range 100 {
		r.add(&Session{room: r, part: &part{channel: protocol.ChannelChat}, user: &protocol.User{ID: int64(i + 1)}, conn: deaf{}})
	}
	broadcast := func() {
		r.Broadcast("", f)
		r.BroadcastLive(protocol.ChannelChat, f, Except{User: 7})
	}
	require.Zero(t, testing.AllocsPerRun(100, broadcast))

	var spilled float64
	a.run(func() {
		r.wing(a.link(b)).live = 1
		a.link(b).batch = &batch{todo: make([]func(), 0, 1000)} // never sent
		broadcast()
		spilled = testing.AllocsPerRun(100, broadcast)
		a.link(b).batch = nil
	})
	require.Equal(t, 2.0, spilled, "one for each broadcast")
}

// What is kept for a suspended session costs its place in a list, and no more.
func TestSuspendedSendAllocations(t *testing.T) {
	a, _ := twoShards(t)
	a.hub.cfg.Meter = unmetered{}
	l := &line{shard: a, away: &away{frames: make([]*edge.Frame, 0, 1000)}}
	f := edge.TextOf([]byte("x"))
	var allocs float64
	var kept int
	a.run(func() {
		allocs = testing.AllocsPerRun(100, func() { l.Send(f) })
		kept = len(l.away.frames)
		l.away.drop(a)
	})
	require.Zero(t, allocs)
	require.Equal(t, 101, kept)
}

// BenchmarkSuspendedSend sends to a session that has no socket, frames of which
// others are on their way too, and lets them go after a hundred.
func BenchmarkSuspendedSend(b *testing.B) {
	a, _ := twoShards(b)
	a.hub.cfg.Meter = unmetered{}
	a.hub.cfg.Resume = Resume{Frames: 1000, Bytes: 64 << 10}
	l := &line{shard: a, away: &away{}}
	f := edge.TextOf(make([]byte, 200))
	b.ReportAllocs()
	a.run(func() {
		b.ResetTimer()
		for i := range b.N {
			l.Send(f)
			if i%100 == 99 {
				l.away.drop(a)
			}
		}
		b.StopTimer()
		if l.away.torn {
			b.Error("not all was kept")
		}
	})
}

// deaf is a socket that takes all.
type deaf struct{}

func (deaf) Send(*edge.Frame)         {}
func (deaf) Awaited()                 {}
func (deaf) Welcome(protocol.Welcome) {}
func (deaf) primary() bool            { return true }
func (deaf) Close(uint16, string)     {}
func (deaf) Buffered() int            { return 0 }
func (deaf) NotifyDrained()           {}
func (deaf) PauseReading()            {}
func (deaf) ResumeReading()           {}
