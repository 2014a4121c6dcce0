package audience

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"parley/loadtest/crowd"
	"parley/loadtest/wire"
	"parley/protocol"
)

// guest is one of an audience.
type guest struct {
	// static
	audience *Audience
	session  *crowd.Session

	first     sync.Once    // passes the door
	begun     atomic.Bool  // it was welcomed once
	present   atomic.Bool  // it is welcomed
	heard     atomic.Int64 // when the server was last heard, in ns since 1970
	heartbeat atomic.Int64 // in ns, as the welcome said
	asked     atomic.Int64 // when a ping was sent that has no answer; 0: none
}

// Welcomed implements crowd.Guest.
func (g *guest) Welcomed(w protocol.Welcome, asked, at time.Time) {
	g.heard.Store(at.UnixNano())
	g.heartbeat.Store(int64(w.HeartbeatS * float64(time.Second)))
	if g.present.Swap(true) {
		g.audience.record.Dropped() // while it was being welcomed
	}
	g.audience.record.Welcomed(g.begun.Swap(true), w.Resumed, asked, at)
	g.through()
}

func (g *guest) through() {
	g.first.Do(func() {
		g.audience.entered.Add(1)
		g.audience.door.Through()
	})
}

// Frame implements crowd.Guest.
func (g *guest) Frame(payload []byte, at time.Time) {
	g.heard.Store(at.UnixNano())
	if wire.TypeOf(payload) != protocol.TypePong {
		return
	}
	if asked := g.asked.Swap(0); asked != 0 {
		g.audience.record.alive.Done(time.Unix(0, asked), at)
		g.audience.answered.Add(1)
	}
}

// Pinged implements crowd.Guest.
func (g *guest) Pinged(at time.Time) {
	g.heard.Store(at.UnixNano())
	g.audience.record.pings.Add(1)
}

// Gone implements crowd.Guest.
func (g *guest) Gone(err error, _ bool, _ time.Time) {
	g.audience.record.Gone(err, g.leave(), g.begun.Load())
	g.through()
}

// leave reports whether the guest was there.
func (g *guest) leave() bool {
	g.asked.Store(0)
	return g.present.Swap(false)
}

// drop has the guest gone before its socket is, which may be back at once.
func (g *guest) drop(pause time.Duration) bool {
	was := g.leave()
	if was {
		g.audience.record.Dropped()
	}
	return g.session.Drop(pause) && was
}

// ask sends a ping, if there is a socket.
func (g *guest) ask() bool {
	if !g.present.Load() {
		return false
	}
	g.asked.Store(time.Now().UnixNano())
	if g.session.Send(fmt.Appendf(nil, `{"type":%q,"id":"alive"}`, protocol.TypePing)) {
		return true
	}
	g.asked.Store(0)
	return false
}

// unheard reports whether the server has not been heard for two heartbeats.
func (g *guest) unheard(now time.Time) bool {
	heartbeat := g.heartbeat.Load()
	return g.present.Load() && heartbeat > 0 && now.UnixNano()-g.heard.Load() > 2*heartbeat
}
