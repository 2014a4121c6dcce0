package redis

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"sync"

	goredis "github.com/redis/go-redis/v9"

	"parley/cluster"
)

var (
	errQueueFull = errors.New("cluster/redis: too much waits to be published")
	errNoMaster  = errors.New("cluster/redis: it is not known which master to publish to")
)

// Bus is a node's end of the bus on Redis. It implements cluster.Bus.
type Bus struct {
	// Static after construction.
	cfg     Config
	cluster *goredis.ClusterClient // nil outside a cluster
	base    *goredis.Options       // of the one server's client; nil in a cluster
	name    string                 // of this bus alone
	inbox   *inbox
	ctx     context.Context // ends with Close
	end     context.CancelFunc
	look    chan struct{}  // capacity 1: look at the cluster soon
	all     sync.WaitGroup // goroutines

	// Guarded by mu.
	mu            sync.Mutex
	closed        bool
	topics        map[string]*topic // by channel
	subscriptions map[*cluster.Subscriber]struct{}
	links         map[string]*link // by address
	slots         []slot           // one outside a cluster
}

var _ cluster.Bus = (*Bus)(nil)

// New starts a bus. It does not wait for Redis, which may be away: what follows
// is told when it carries.
func New(cfg Config) (*Bus, error) {
	if err := cfg.complete(); err != nil {
		return nil, err
	}
	b := &Bus{
		cfg: cfg, name: rand.Text(), inbox: newInbox(cfg), look: make(chan struct{}, 1),
		topics: make(map[string]*topic), subscriptions: make(map[*cluster.Subscriber]struct{}), links: make(map[string]*link),
	}
	switch c := cfg.Client.(type) {
	case *goredis.ClusterClient:
		b.cluster, b.slots = c, make([]slot, slotCount)
	case *goredis.Client:
		b.base, b.slots = c.Options(), make([]slot, 1)
	default:
		return nil, fmt.Errorf("cluster/redis: no bus on a %T", c)
	}
	b.ctx, b.end = context.WithCancel(context.Background())
	if b.cluster == nil {
		b.learn([]claim{{addr: b.base.Addr}})
	}
	b.all.Go(b.deliver)
	b.all.Go(b.sing)
	if b.cluster != nil {
		b.all.Go(b.watch)
	}
	return b, nil
}

// channel returns a topic's channel and its slot.
func (b *Bus) channel(topic string) (name string, slot int) {
	name = b.cfg.Prefix + topic
	if b.cluster == nil {
		return name, 0
	}
	return name, slotOf(name)
}

// Publish implements cluster.Bus. It returns when Redis has taken the payload.
func (b *Bus) Publish(ctx context.Context, topic string, payload []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	done := make(chan error, 1)
	if err := b.enqueue(topic, payload, done); err != nil {
		return err
	}
	select {
	case err := <-done:
		if err != nil && b.ctx.Err() != nil {
			return cluster.ErrClosed
		}
		return err
	case <-ctx.Done():
		return ctx.Err()
	case <-b.ctx.Done():
		return cluster.ErrClosed
	}
}

// Post implements cluster.Bus.
func (b *Bus) Post(topic string, payload []byte) bool {
	return b.enqueue(topic, payload, nil) == nil
}

func (b *Bus) enqueue(topic string, payload []byte, done chan<- error) error {
	channel, slot := b.channel(topic)
	err := b.queue(outgoing{channel: channel, slot: slot, payload: payload, done: done})
	if err != nil && !errors.Is(err, cluster.ErrClosed) {
		b.cfg.Meter.Dropped("queue", 1)
	}
	return err
}

func (b *Bus) queue(o outgoing) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return cluster.ErrClosed
	}
	l := b.slots[o.slot].writer
	if l == nil {
		return errNoMaster
	}
	return l.queue(o)
}

// Subscribe implements cluster.Bus. It waits until Redis has confirmed.
func (b *Bus) Subscribe(ctx context.Context, topic string, handler func([]byte)) (func(), error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	carried := make(chan struct{})
	s := cluster.NewSubscriber(handler, sync.OnceFunc(func() { close(carried) }))
	if !b.attach(topic, s) {
		return nil, cluster.ErrClosed
	}
	cancel := func() {
		b.detach(topic, s)
		s.Stop()
	}
	select {
	case <-carried:
		return cancel, nil
	case <-ctx.Done():
		cancel()
		return nil, ctx.Err()
	case <-b.ctx.Done():
		cancel()
		return nil, cluster.ErrClosed
	}
}

// Follow implements cluster.Bus.
func (b *Bus) Follow(topic string, handler func([]byte), live func()) func() {
	s := cluster.NewSubscriber(handler, live)
	if !b.attach(topic, s) {
		return func() {}
	}
	return func() { b.detach(topic, s) }
}

func (b *Bus) attach(name string, s *cluster.Subscriber) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return false
	}
	b.subscriptions[s] = struct{}{}
	channel, slot := b.channel(name)
	t := b.topics[channel]
	if t == nil {
		t = &topic{channel: channel, slot: slot}
		b.topics[channel] = t
		b.place(t)
	}
	t.subscriptions = append(slices.Clip(t.subscriptions), s)
	if t.carried {
		b.inbox.put(delivery{topic: t, one: s, live: true})
	}
	return true
}

// detach forgets s, and its topic if it was the last. Twice does nothing.
func (b *Bus) detach(name string, s *cluster.Subscriber) {
	s.Halt()
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.subscriptions, s)
	channel, _ := b.channel(name)
	t := b.topics[channel]
	if t == nil || !slices.Contains(t.subscriptions, s) {
		return
	}
	t.subscriptions = slices.DeleteFunc(slices.Clone(t.subscriptions), func(other *cluster.Subscriber) bool { return other == s })
	if len(t.subscriptions) == 0 {
		delete(b.topics, channel)
		b.leave(t)
	}
}

// Close implements cluster.Bus. It must not be called from within a handler.
func (b *Bus) Close() error {
	subscriptions, lost := b.shut()
	b.end()
	for _, o := range lost {
		o.answer(cluster.ErrClosed)
	}
	for _, s := range subscriptions {
		s.Stop()
	}
	b.all.Wait()
	return nil
}

// shut refuses whatever comes next, and returns what is to be ended.
func (b *Bus) shut() (subscriptions []*cluster.Subscriber, lost []outgoing) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	for s := range b.subscriptions {
		subscriptions = append(subscriptions, s)
	}
	clear(b.subscriptions)
	for _, l := range b.links {
		lost = append(lost, l.waiting...)
		l.waiting, l.held = nil, 0
	}
	return subscriptions, lost
}
