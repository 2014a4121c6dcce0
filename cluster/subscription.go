package cluster

import "sync"

// subscription is one handler's interest in a topic of a Memory.
type subscription struct {
	// Static after construction.
	topic   string
	handler func(payload []byte)

	// Guarded by mu, but for Wait. Nothing is added once stopped is set.
	mu      sync.Mutex
	stopped bool
	running sync.WaitGroup // calls of handler
}

// deliver calls the handler, unless the subscription has been stopped.
func (s *subscription) deliver(payload []byte) {
	if !s.begin() {
		return
	}
	defer s.running.Done()
	s.handler(payload)
}

func (s *subscription) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		return false
	}
	s.running.Add(1)
	return true
}

// stop lets no call of the handler begin, and waits for those that have.
func (s *subscription) stop() {
	s.mu.Lock()
	s.stopped = true
	s.mu.Unlock()
	s.running.Wait()
}
