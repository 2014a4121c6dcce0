package room

import (
	"sync"
	"time"

	"parley/edge"
	"parley/protocol"
)

// reconnectPause is given to what replaces this process to come up.
const reconnectPause = 500 * time.Millisecond

// Drain tells every client to reconnect, each in a slot of its own, and closes
// its socket as restarted. It returns when all shards have done so. The others
// in a room see no leave: calls outlive a restart. Sessions, with what is kept
// for them, live on until the process ends.
func (h *Hub) Drain() {
	h.onShards(func(_ int, sh *shard) { sh.draining = true }) // all, before the first socket ends
	h.onShards(func(i int, sh *shard) { sh.drain(i) })
}

// onShards runs fn on each shard and waits until all have.
func (h *Hub) onShards(fn func(i int, sh *shard)) {
	var wg sync.WaitGroup
	for i, sh := range h.shards {
		wg.Add(1)
		if !sh.edge.Post(func() { fn(i, sh); wg.Done() }) {
			wg.Done()
		}
	}
	wg.Wait()
}

func (sh *shard) drain(index int) {
	n := index
	sh.lines.each(func(l *line) {
		switch {
		case l.conn == nil || l.over:
			return
		case l.away == nil && l.serial != 0: // nothing comes before welcome
			l.Send(sh.slot(n))
			n += len(sh.hub.shards) // the shards' slots interleave
		}
		l.conn.Close(uint16(protocol.CloseRestart), "restart")
	})
}

// slot is the frame that asks a client to come back as the n-th of all.
func (sh *shard) slot(n int) *edge.Frame {
	after := reconnectPause + time.Duration(n)*time.Second/time.Duration(sh.hub.cfg.DrainRate)
	sh.hub.cfg.Meter.FrameOut(string(protocol.TypeReconnect), 1)
	return Encode(protocol.TypeReconnect, 0, protocol.Reconnect{
		Reason: "restart", RetryAfterMS: after.Milliseconds(),
	}).wire
}
