package inbox

import (
	"context"
	"sync"
)

// mailbox runs functions one after the other, on one goroutine, in the order in
// which they were posted. Post it never blocks.
type mailbox struct {
	bell chan struct{} // capacity 1: the queue is not empty

	mu     sync.Mutex
	queue  []func() // guarded by mu, as is closed
	closed bool
}

func newMailbox() mailbox { return mailbox{bell: make(chan struct{}, 1)} }

// post adds a function; after the end of run it is dropped.
func (m *mailbox) post(fn func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return
	}
	m.queue = append(m.queue, fn)
	ring(m.bell)
}

// run is the mailbox's goroutine, until ctx ends.
func (m *mailbox) run(ctx context.Context) {
	for {
		select {
		case <-m.bell:
			for _, fn := range m.take(false) {
				fn()
			}
		case <-ctx.Done():
			m.take(true)
			return
		}
	}
}

func (m *mailbox) take(closing bool) []func() {
	m.mu.Lock()
	defer m.mu.Unlock()
	queue := m.queue
	m.queue, m.closed = nil, closing
	return queue
}

func ring(bell chan struct{}) {
	select {
	case bell <- struct{}{}:
	default: // it rings
	}
}
