package lanes

import "sync"

// Queue hands writes (T) to a writer: those of one room in order, the rooms in
// turn, several writes at a time. So a flood in one room does not hold up the
// others; and a room's messages, being neighbours in a batch, share pages of the
// database and leave in one write to each socket.
//
// It has no bound of its own: what is outstanding is bounded by the connections
// and rate limits above.
type Queue[T any] struct {
	mu     sync.Mutex
	filled *sync.Cond // length or closed changed

	// Guarded by mu.
	lanes       map[int64]*lane[T] // by room, those that are not empty
	first, last *lane[T]           // of the same, the next to be served first
	length      int
	closed      bool
	spare       []*lane[T]
}

// New makes an empty queue.
func New[T any]() *Queue[T] {
	q := &Queue[T]{lanes: make(map[int64]*lane[T])}
	q.filled = sync.NewCond(&q.mu)
	return q
}

// Push adds a write to a room, 0 for those of none. It never blocks; it reports
// false, and adds nothing, after Close.
func (q *Queue[T]) Push(room int64, o T) bool {
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

// Take waits for writes and moves up to limit of them into batch, whose old
// content it overwrites; more than the usual only if sixteen times as many wait,
// as they do when the disk is slow. It returns none when the queue is closed and
// empty.
func (q *Queue[T]) Take(batch []T, limit int) []T {
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

// Drain takes all that is there, each room's writes in order, and waits for none.
func (q *Queue[T]) Drain() (all []T) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for l := q.first; l != nil; l = q.first {
		q.first = l.next
		all = l.take(all, len(l.ops))
		q.retire(l)
	}
	q.length = 0
	return all
}

// append makes a lane the last to be served.
func (q *Queue[T]) append(l *lane[T]) {
	l.next = nil
	if q.first == nil {
		q.first = l
	} else {
		q.last.next = l
	}
	q.last = l
}

// Close lets Take run dry; it reports whether the queue was open.
func (q *Queue[T]) Close() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	q.closed = true
	q.filled.Signal()
	return true
}

// Waiting is how many writes are in the queue.
func (q *Queue[T]) Waiting() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.length
}
