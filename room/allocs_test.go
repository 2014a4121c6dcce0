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
	a.hub.cfg.Meter = silent{}
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

// deaf is a socket that takes all.
type deaf struct{}

func (deaf) Send(*edge.Frame)         {}
func (deaf) Welcome(protocol.Welcome) {}
func (deaf) primary() bool            { return true }
func (deaf) Close(uint16, string)     {}
func (deaf) Buffered() int            { return 0 }
func (deaf) NotifyDrained()           {}
func (deaf) PauseReading()            {}
func (deaf) ResumeReading()           {}

type silent struct{}

func (silent) SessionOpened(string) {}
func (silent) SessionClosed(string) {}
func (silent) FrameIn(string)       {}
func (silent) FrameOut(string, int) {}
func (silent) ErrorSent(string)     {}
func (silent) RoomOpened()          {}
func (silent) RoomClosed()          {}
func (silent) Suspended(int)        {}
func (silent) Resumed(string)       {}
func (silent) Torn()                {}
