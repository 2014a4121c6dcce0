package edge

import "sync"

// mailbox carries functions from any goroutine to the shard's, in order.
type mailbox struct {
	mu     sync.Mutex
	queue  []func() // guarded by mu
	asleep bool     // guarded by mu: the next put must wake the shard
	closed bool     // guarded by mu
}

// put queues fn. wake is true if the shard may be asleep, for one caller.
func (m *mailbox) put(fn func()) (ok, wake bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return false, false
	}
	m.queue = append(m.queue, fn)
	wake = m.asleep
	m.asleep = false
	return true, wake
}

// rest says that the shard goes to sleep, unless there is mail.
func (m *mailbox) rest() (ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.asleep = len(m.queue) == 0
	return m.asleep
}

// rise says that the shard is awake and will look for mail.
func (m *mailbox) rise() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.asleep = false
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
