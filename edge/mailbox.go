package edge

import "sync"

// mailbox carries functions from any goroutine to the shard's, in order.
type mailbox struct {
	mu     sync.Mutex
	queue  []func() // guarded by mu
	closed bool     // guarded by mu
}

// put queues fn. wake is true for the first since the last take: the shard may
// be asleep.
func (m *mailbox) put(fn func()) (ok, wake bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return false, false
	}
	m.queue = append(m.queue, fn)
	return true, len(m.queue) == 1
}

// take empties the mailbox into the caller's hands and leaves it spare to fill.
func (m *mailbox) take(spare []func()) []func() {
	m.mu.Lock()
	defer m.mu.Unlock()
	q := m.queue
	m.queue = spare[:0]
	return q
}

func (m *mailbox) depth() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.queue)
}

// close refuses further functions and returns those still queued.
func (m *mailbox) close() []func() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	q := m.queue
	m.queue = nil
	return q
}
