package room

import "parley/edge"

// Queued is how many frames of a session on another shard wait for the room to
// take them.
func (s *Session) Queued() int { return len(s.conn.(*remote).queue) }

// UnderWay is how many bytes are under way from one shard to another.
func (h *Hub) UnderWay(from, to *edge.Shard) int {
	answer := make(chan int)
	from.Post(func() {
		l := h.shards[from.ID()].link(h.shards[to.ID()])
		answer <- l.put - int(l.done.Load())
	})
	return <-answer
}
