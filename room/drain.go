package room

import (
	"sync"
	"time"

	"parley/protocol"
)

// reconnectSpread is how many clients a second are asked to come back.
const reconnectSpread = 1000

// reconnectPause is given to what replaces this process to come up.
const reconnectPause = 500 * time.Millisecond

// Drain tells every session to reconnect, each in a slot of its own, and closes
// it as restarted. It returns when all shards have done so. The others in a
// room see no leave: calls outlive a restart.
func (h *Hub) Drain() {
	var wg sync.WaitGroup
	for i, sh := range h.shards {
		wg.Add(1)
		if !sh.edge.Post(func() { sh.drain(i); wg.Done() }) {
			wg.Done()
		}
	}
	wg.Wait()
}

func (sh *shard) drain(index int) {
	sh.draining = true
	n := index
	sh.each(0, func(s *Session) {
		slot := reconnectPause + time.Duration(n)*time.Second/reconnectSpread
		n += len(sh.hub.shards) // the shards' slots interleave
		if s.greeted {          // nothing comes before welcome
			s.Direct(Encode(protocol.TypeReconnect, 0, protocol.Reconnect{
				Reason: "restart", RetryAfterMS: slot.Milliseconds(),
			}))
		}
		s.Close(protocol.CloseRestart, "restart", protocol.LeaveTimeout)
	})
}
