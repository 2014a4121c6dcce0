package cluster

import "sync"

// mostPosts is how many payloads may wait in one bus of a Memory: a stall of a
// second or so at the rate that one process carries.
const mostPosts = 1 << 16

// post is what a bus of a Memory delivers later: a payload on a topic, or that
// a subscription carries.
type post struct {
	topic   string
	payload []byte
	live    *subscription
}

// posts is a queue with a goroutine that lives while there is something in it.
type posts struct {
	deliver func(post) // static after construction

	// Guarded by mu.
	mu      sync.Mutex
	closed  bool
	waiting []post
	spare   []post // the capacity of the batch before
	running bool
	ended   sync.WaitGroup // the goroutine
}

// put queues p. Word that a subscription carries is taken though the queue be
// full: there is one for each call of Follow.
func (q *posts) put(p post) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed || (len(q.waiting) >= mostPosts && p.live == nil) {
		return false
	}
	q.waiting = append(q.waiting, p)
	if !q.running {
		q.running = true
		q.ended.Go(q.run)
	}
	return true
}

func (q *posts) run() {
	for {
		batch := q.take()
		if len(batch) == 0 {
			return
		}
		for i, p := range batch {
			q.deliver(p)
			batch[i] = post{} // not kept alive by the spare capacity
		}
		q.mu.Lock()
		q.spare = batch[:0]
		q.mu.Unlock()
	}
}

// take returns what waits. Nothing: the goroutine is to end.
func (q *posts) take() []post {
	q.mu.Lock()
	defer q.mu.Unlock()
	batch := q.waiting
	q.waiting, q.spare = q.spare, nil
	q.running = len(batch) > 0
	return batch
}

// close takes nothing more, drops what waits and waits for what is being
// delivered. It must not be called from within a handler.
func (q *posts) close() {
	q.mu.Lock()
	q.closed, q.waiting = true, nil
	q.mu.Unlock()
	q.ended.Wait()
}
