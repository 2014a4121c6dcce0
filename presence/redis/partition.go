package redis

import (
	"context"
	"sync"

	"parley/presence"
)

// writesAtOnce bounds what one script does, as Redis does nothing else meanwhile.
const writesAtOnce = 256

// partition is what a node knows of one share of the rooms.
type partition struct {
	// static. The first key is the partition. The second is never there: so Redis
	// Cluster refuses every script (TRYAGAIN) while it moves the slot and has
	// keys here and there, of which a script does not name all before it runs.
	keys []string

	// guarded by mu
	mu       sync.Mutex
	queue    []*write
	writing  bool  // a goroutine sends them
	closed   bool  // nothing more comes into the queue
	answered int64 // number of the last write that Redis has answered

	// owned by the goroutine that sends
	number int64 // of the last write that was sent

	// guarded by Registry.renews
	since  string // when the unbroken lease began, as Redis says
	lapsed bool   // it is another than the last time: to be reported
	cursor string // where the next renewal goes on keeping rooms

	// guarded by Registry.reaps
	reaped int64 // number of the last answer to reap that was received
}

// write is one change that waits to be sent.
type write struct {
	ctx    context.Context
	room   int64
	user   int64
	names  string     // empty: leaves
	afresh bool       // no change: the node's entries are all removed first
	done   chan error // capacity 1
	since  string     // of an afresh one, when it is done
}

// put queues a write. first reports that nobody sends: the caller sees to it.
// running is told so under the lock, before close could wait for it.
func (p *partition) put(w *write, running *sync.WaitGroup) (first bool, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return false, presence.ErrClosed
	}
	p.queue = append(p.queue, w)
	if p.writing {
		return false, nil
	}
	p.writing = true
	running.Add(1)
	return true, nil
}

// take removes the next writes from the queue, but for those whose callers are
// gone. With none left the sender ends.
func (p *partition) take() (batch []*write, answered int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for ; n < len(p.queue) && len(batch) < writesAtOnce; n++ {
		w := p.queue[n]
		if err := w.ctx.Err(); err != nil {
			w.done <- err
			continue
		}
		batch = append(batch, w)
	}
	clear(p.queue[:n])
	p.queue = p.queue[n:]
	if len(batch) == 0 {
		p.queue = nil
		p.writing = false
	}
	return batch, p.answered
}

// confirm notes that Redis has answered a write.
func (p *partition) confirm(number int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answered = number
}

// confirmed is the number of the last write that Redis has answered.
func (p *partition) confirmed() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.answered
}

// close refuses what waits and what comes.
func (p *partition) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, w := range p.queue {
		w.done <- presence.ErrClosed
	}
	p.queue = nil
}
