package room

import (
	"time"

	"parley/edge"
)

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

// Kept is how many bytes are kept for clients that may return.
func (h *Hub) Kept() int { return h.kept.Used() }

// Lines is how many lines there are.
func (h *Hub) Lines() (n int) {
	for _, sh := range h.shards {
		count := make(chan int)
		sh.edge.Post(func() {
			lines := 0
			sh.lines.each(func(*line) { lines++ })
			count <- lines
		})
		n += <-count
	}
	return n
}

// Expire ends the windows of a user's lines, those that wait.
func (h *Hub) Expire(userID int64) {
	for _, sh := range h.shards {
		done := make(chan struct{})
		sh.edge.Post(func() {
			defer close(done)
			sh.lines.each(func(l *line) {
				if l.user.ID == userID && l.away != nil && l.conn == nil {
					l.away.until = time.Now()
					l.expire(l.away)
				}
			})
		})
		<-done
	}
}

// Unmetered counts nothing, for tests of what it costs.
type Unmetered = unmetered

// Encode is what a letter is on the bus.
func (l Letter) Encode() []byte { return l.encode() }

// ReadLetter decodes a letter.
func ReadLetter(b []byte) (Letter, error) { return readLetter(b) }

// Tallied reports whether all counts of users' sessions are written.
func (h *Hub) Tallied() bool {
	h.tally.mu.Lock()
	defer h.tally.mu.Unlock()
	return len(h.tally.users) == 0
}

// Greeted reports whether the session was welcomed.
func (s *Session) Greeted() bool { return s.greeted }

// Deposits is how many lines are in the vault, or on their way there or from there.
func (h *Hub) Deposits() (n int) {
	for _, sh := range h.shards {
		count := make(chan int)
		sh.edge.Post(func() { count <- len(sh.deposits) })
		n += <-count
	}
	return n
}

// NoteOf is the document of a line that a node has.
func NoteOf(boot string) []byte { return record{boot: boot}.encode() }

// Journeys is how many lines are here that came from other nodes, or wait to land,
// or are kept here until they have landed elsewhere.
func (h *Hub) Journeys() int {
	j := h.journeys
	j.mu.Lock()
	defer j.mu.Unlock()
	n := len(j.landed) + len(j.arrived)
	for _, d := range j.departed {
		if d.kept != nil || !d.packed {
			n++
		}
	}
	return n
}
