package cluster

import "sync"

// Subscriber is whom a back end calls for a topic, until it is stopped. Any goroutine
// may use it, and several calls may run at once.
type Subscriber struct {
	// Static after construction.
	handler func(payload []byte)
	live    func() // nil for Subscribe's

	// Guarded by mu, but for Wait. Nothing is added once stopped is set.
	mu      sync.Mutex
	stopped bool
	running sync.WaitGroup // calls of handler and live
}

// NewSubscriber makes one of what Subscribe (with live nil) or Follow were given.
func NewSubscriber(handler func(payload []byte), live func()) *Subscriber {
	return &Subscriber{handler: handler, live: live}
}

// Deliver calls the handler, unless the subscriber has been stopped.
func (s *Subscriber) Deliver(payload []byte) {
	if !s.begin() {
		return
	}
	defer s.running.Done()
	s.handler(payload)
}

// Tell calls live, unless the subscriber has been stopped.
func (s *Subscriber) Tell() {
	if s.live == nil || !s.begin() {
		return
	}
	defer s.running.Done()
	s.live()
}

func (s *Subscriber) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		return false
	}
	s.running.Add(1)
	return true
}

// Halt lets no call begin any more.
func (s *Subscriber) Halt() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopped = true
}

// Stop lets no call begin, and waits for those that have: so it is not for them to
// call.
func (s *Subscriber) Stop() {
	s.Halt()
	s.running.Wait()
}
