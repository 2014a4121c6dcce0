package cluster

import (
	"context"
	"maps"
	"slices"
	"sync"
)

// Memory is a medium that links any number of buses within one process. It
// delivers on the publisher's goroutine: when Publish returns, every handler
// has returned; Post, by a goroutine of the bus that it was called on. A handler
// may publish, post and subscribe; what it publishes may overtake the payload
// that it is handling.
type Memory struct {
	// Guarded by mu, which is never held while a handler runs. The slices are
	// replaced, never changed, so that Publish may walk over one without mu.
	mu     sync.RWMutex
	topics map[string][]*subscription
}

// NewMemory makes a medium that no bus is linked to.
func NewMemory() *Memory {
	return &Memory{topics: make(map[string][]*subscription)}
}

// Bus links one more node.
func (m *Memory) Bus() Bus {
	b := &memoryBus{medium: m, subscriptions: make(map[*subscription]struct{})}
	b.posts.deliver = b.later
	return b
}

// memoryBus is one node's end of a Memory.
type memoryBus struct {
	// Static after construction.
	medium *Memory

	posts posts // has its own lock

	// Guarded by medium.mu.
	closed        bool
	subscriptions map[*subscription]struct{}
}

// Publish implements Bus. It returns when every handler has.
func (b *memoryBus) Publish(ctx context.Context, topic string, payload []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	subscribers, err := b.subscribers(topic)
	if err != nil {
		return err
	}
	for _, s := range subscribers {
		s.Deliver(payload)
	}
	return nil
}

// Post implements Bus.
func (b *memoryBus) Post(topic string, payload []byte) bool {
	return b.posts.put(post{topic: topic, payload: payload})
}

// later delivers what was queued.
func (b *memoryBus) later(p post) {
	if p.live != nil {
		p.live.Tell()
		return
	}
	subscribers, err := b.subscribers(p.topic)
	if err != nil {
		return // closed meanwhile
	}
	for _, s := range subscribers {
		s.Deliver(p.payload)
	}
}

func (b *memoryBus) subscribers(topic string) ([]*subscription, error) {
	b.medium.mu.RLock()
	defer b.medium.mu.RUnlock()
	if b.closed {
		return nil, ErrClosed
	}
	return b.medium.topics[topic], nil
}

// Subscribe implements Bus. Cancel waits for calls of handler that are running.
func (b *memoryBus) Subscribe(ctx context.Context, topic string, handler func([]byte)) (func(), error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s := &subscription{topic: topic, Subscriber: NewSubscriber(handler, nil)}
	if err := b.attach(s); err != nil {
		return nil, err
	}
	return func() {
		b.detach(s)
		s.Stop()
	}, nil
}

// Follow implements Bus. Live is called once, soon: nothing ever interrupts.
func (b *memoryBus) Follow(topic string, handler func([]byte), live func()) func() {
	s := &subscription{topic: topic, Subscriber: NewSubscriber(handler, live)}
	if err := b.attach(s); err != nil {
		return func() {}
	}
	b.posts.put(post{live: s})
	return func() {
		b.detach(s)
		s.Halt()
	}
}

func (b *memoryBus) attach(s *subscription) error {
	b.medium.mu.Lock()
	defer b.medium.mu.Unlock()
	if b.closed {
		return ErrClosed
	}
	b.subscriptions[s] = struct{}{}
	b.medium.topics[s.topic] = append(slices.Clone(b.medium.topics[s.topic]), s)
	return nil
}

// detach forgets s. Detaching twice does nothing.
func (b *memoryBus) detach(s *subscription) {
	b.medium.mu.Lock()
	defer b.medium.mu.Unlock()
	delete(b.subscriptions, s)
	rest := slices.DeleteFunc(slices.Clone(b.medium.topics[s.topic]), func(other *subscription) bool {
		return other == s
	})
	if len(rest) == 0 {
		delete(b.medium.topics, s.topic)
		return
	}
	b.medium.topics[s.topic] = rest
}

// Ping implements Bus.
func (b *memoryBus) Ping(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	_, err := b.subscribers("")
	return err
}

// Close implements Bus. It waits for calls of handlers that are running, and
// must not be called from within one.
func (b *memoryBus) Close() error {
	b.posts.close()
	for _, s := range b.close() {
		b.detach(s)
		s.Stop()
	}
	return nil
}

// close refuses whatever comes next, and returns what is to be ended.
func (b *memoryBus) close() []*subscription {
	b.medium.mu.Lock()
	defer b.medium.mu.Unlock()
	b.closed = true
	return slices.Collect(maps.Keys(b.subscriptions))
}

// subscription is one handler's interest in a topic of a Memory.
type subscription struct {
	*Subscriber
	topic string // static
}
