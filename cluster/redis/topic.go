package redis

import "sync"

// topic is a channel with handlers on this node.
type topic struct {
	// Static after construction.
	channel string
	slot    int

	// Guarded by Bus.mu. The slice is replaced, never changed.
	subscriptions []*subscription
	link          *link // that subscribes it; nil while it is not known who holds the slot
	carried       bool  // Redis has confirmed the subscription
	interrupted   bool  // it was carried before
}

// subscription is one handler's interest in a topic.
type subscription struct {
	// Static after construction.
	handler func(payload []byte)
	live    func()

	// Guarded by mu, but for Wait. Nothing is added once stopped is set.
	mu      sync.Mutex
	stopped bool
	running sync.WaitGroup // calls of handler and live
}

func (s *subscription) deliver(payload []byte) {
	if s.begin() {
		defer s.running.Done()
		s.handler(payload)
	}
}

func (s *subscription) tell() {
	if s.begin() {
		defer s.running.Done()
		s.live()
	}
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
