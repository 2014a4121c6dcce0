package sqlite

import (
	"context"
	"sync"
)

// op is one write. The writer calls run within a transaction, again if that
// transaction had to be repeated, and finish once it is over.
//
// run checks all that can be refused before its first statement that changes
// something, so that a refusal leaves nothing half done.
type op interface {
	run(ctx context.Context, t *tx) error
	finish(err error)
}

// task is an op made of two functions.
type task struct {
	do   func(ctx context.Context, t *tx) error
	done func(error)
}

func (o *task) run(ctx context.Context, t *tx) error { return o.do(ctx, t) }
func (o *task) finish(err error)                     { o.done(err) }

// queue hands writes to the writer: those of one room in order, the rooms in
// turn, several writes at a time. So a flood in one room does not hold up the
// others; and a room's messages, being neighbours in a batch, share pages of the
// database and leave in one write to each socket.
//
// It has no bound of its own: what is outstanding is bounded by the connections
// and rate limits above.
type queue struct {
	mu     sync.Mutex
	filled *sync.Cond // length or closed changed

	// Guarded by mu.
	lanes       map[int64]*lane // by room, those that are not empty
	first, last *lane           // of the same, the next to be served first
	length      int
	closed      bool
	spare       []*lane
}

func newQueue() *queue {
	q := &queue{lanes: make(map[int64]*lane)}
	q.filled = sync.NewCond(&q.mu)
	return q
}

// push adds a write to a room, 0 for those of none. It never blocks; it reports
// false, and adds nothing, after close.
func (q *queue) push(room int64, o op) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	l := q.lanes[room]
	if l == nil {
		l = q.newLane(room)
		q.lanes[room] = l
		q.append(l)
	}
	l.ops = append(l.ops, o)
	q.length++
	q.filled.Signal()
	return true
}

// usualBatch is enough to share the cost of a commit on a fast disk, and little
// enough to be delivered in a few milliseconds.
const usualBatch = 128

// take waits for writes and moves up to limit of them into batch, whose old
// content it overwrites; more than the usual only if sixteen times as many wait,
// as they do when the disk is slow. It returns none when the queue is closed and
// empty.
func (q *queue) take(batch []op, limit int) []op {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.length == 0 && !q.closed {
		q.filled.Wait()
	}
	limit = min(limit, max(usualBatch, q.length/16))
	clear(batch)
	batch = batch[:0]
	for q.first != nil && len(batch) < limit {
		l := q.first
		q.first = l.next
		batch = l.take(batch, min(laneTurn, limit-len(batch)))
		if l.empty() {
			q.retire(l)
		} else {
			q.append(l)
		}
	}
	q.length -= len(batch)
	return batch
}

// append makes a lane the last to be served.
func (q *queue) append(l *lane) {
	l.next = nil
	if q.first == nil {
		q.first = l
	} else {
		q.last.next = l
	}
	q.last = l
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

func (q *queue) waiting() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.length
}
