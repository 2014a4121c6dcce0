package sqlite

import (
	"context"
	"sync"
)

// op is one write. The writer calls run within a transaction, again if that
// transaction had to be repeated, and then done once.
//
// run checks all that can be refused before its first statement that changes
// something, so that a refusal leaves nothing half done.
type op struct {
	run  func(ctx context.Context, t *tx) error
	done func(error)
}

// maxIdleQueue is the largest array that an empty queue keeps for later.
const maxIdleQueue = 4096

// queue hands writes to the writer in order. It has no bound of its own: what
// is outstanding is bounded by the connections and rate limits above.
type queue struct {
	mu     sync.Mutex
	filled *sync.Cond // ops or closed changed
	ops    []op       // guarded by mu
	closed bool       // guarded by mu
}

func newQueue() *queue {
	q := &queue{}
	q.filled = sync.NewCond(&q.mu)
	return q
}

// push adds o and never blocks; it reports false, and adds nothing, after
// close.
func (q *queue) push(o op) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	q.ops = append(q.ops, o)
	q.filled.Signal()
	return true
}

// take waits for writes and moves up to limit of them into batch, whose old
// content it overwrites. It returns none when the queue is closed and empty.
func (q *queue) take(batch []op, limit int) []op {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.ops) == 0 && !q.closed {
		q.filled.Wait()
	}
	n := min(limit, len(q.ops))
	clear(batch)
	batch = append(batch[:0], q.ops[:n]...)
	rest := copy(q.ops, q.ops[n:])
	clear(q.ops[rest:])
	q.ops = q.ops[:rest]
	if rest == 0 && cap(q.ops) > maxIdleQueue {
		q.ops = nil
	}
	return batch
}

// close lets take run dry; it reports whether the queue was open.
func (q *queue) close() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	q.closed = true
	q.filled.Signal()
	return true
}

func (q *queue) length() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.ops)
}
