package edge

import (
	"encoding/binary"
	"math/rand/v2"
	"time"

	"github.com/gobwas/ws"
)

// check is the wheel's: heartbeats and closing deadlines.
func (c *Conn) check() {
	now := c.shard.wheel.now
	if c.state != stateOpen {
		if now >= c.extra.deadline {
			c.destroy()
			return
		}
		c.shard.wheel.schedule(c, c.extra.deadline-now)
		return
	}
	if c.paused {
		c.seen = now // the silence is ours
	}
	silent := now - c.seen
	beat, limit := c.shard.beat, c.shard.limit
	switch {
	case silent >= limit:
		c.end(Closure{Code: codeHeartbeat, Reason: "heartbeat missed"})
	case silent >= beat-beat/8-1:
		c.queue(c.ping())
		c.shard.wheel.schedule(c, min(beat, limit-silent))
	default:
		c.shard.wheel.schedule(c, jitter(beat)-silent)
	}
}

// jitter spreads heartbeats by an eighth of their interval to either side, so
// that sockets that came at once are not all pinged at once.
func jitter(beat int32) int32 {
	return beat - beat/8 + rand.Int32N(beat/4+1)
}

// ping carries the time, which the pong brings back (RFC 6455, section 5.5.3).
func (c *Conn) ping() *Frame {
	var at [8]byte
	binary.BigEndian.PutUint64(at[:], uint64(time.Since(c.shard.began)))
	return control(ws.OpPing, at[:])
}

func (c *Conn) pong(payload []byte) {
	if len(payload) != 8 {
		return // unsolicited (section 5.5.3): counts as life, nothing more
	}
	sent := time.Duration(binary.BigEndian.Uint64(payload))
	if rtt := time.Since(c.shard.began) - sent; sent >= 0 && rtt >= 0 && rtt < c.shard.edge.cfg.deadline() {
		c.shard.edge.cfg.Meter.RTT(rtt)
	}
}
