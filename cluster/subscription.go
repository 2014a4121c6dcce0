package cluster

import "sync"

// subscription is one handler's interest in a topic of a Memory.
type subscription struct {
	// Static after construction.
	topic   string
	handler func(payload []byte)
	live    func() // nil for Subscribe's

	// Guarded by mu, but for Wait. Nothing is added once stopped is set.
	mu      sync.Mutex
	stopped bool
	running sync.WaitGroup // calls of handler and live
}

// deliver calls the handler, unless the subscription has been stopped.
func (s *subscription) deliver(payload []byte) {
	if !s.begin() {
		return
	}
	defer s.running.Done()
	s.handler(payload)
}

// tell calls live, unless the subscription has been stopped.
func (s *subscription) tell() {
	if !s.begin() {
		return
	}
	defer s.running.Done()
	s.live()
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

// halt lets no call begin any more.
func (s *subscription) halt() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopped = true
}

// stop lets no call begin, and waits for those that have.
func (s *subscription) stop() {
	s.halt()
	s.running.Wait()
}
