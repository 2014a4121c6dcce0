package clustertest

import (
	"context"
	"math/rand/v2"
	"sync"

	"parley/cluster"
)

// Lossy is a node's bus that loses a share of the payloads on their way to the
// node's handlers, without telling anybody, as publish/subscribe may. It may be
// used from any goroutine.
type Lossy struct {
	cluster.Bus

	// Guarded by mu.
	mu     sync.Mutex
	random *rand.Rand
	share  float64
	lost   int
	holds  bool
	held   []func() // in order
}

// NewLossy wraps bus. The same seed loses the same ones, as far as they come in
// the same order.
func NewLossy(bus cluster.Bus, seed uint64, share float64) *Lossy {
	return &Lossy{Bus: bus, random: rand.New(rand.NewPCG(seed, seed)), share: share}
}

// SetShare makes share, from 0 to 1, what is lost from now on.
func (l *Lossy) SetShare(share float64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.share = share
}

// Hold has payloads wait from now on, as those for a process that is stopped do, until
// release is called; then they come in their order.
func (l *Lossy) Hold() (release func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.holds = true
	return l.release
}

func (l *Lossy) release() {
	for {
		l.mu.Lock()
		held := l.held
		l.held, l.holds = nil, len(held) > 0
		l.mu.Unlock()
		if len(held) == 0 {
			return
		}
		for _, hand := range held {
			hand()
		}
	}
}

// waits keeps what is to be done while payloads are held.
func (l *Lossy) waits(hand func()) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.holds {
		l.held = append(l.held, hand)
	}
	return l.holds
}

// Held is how many payloads wait now, counted once for each handler.
func (l *Lossy) Held() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.held)
}

// Lost is how many payloads were lost so far, counted once for each handler.
func (l *Lossy) Lost() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lost
}

// Subscribe implements cluster.Bus.
func (l *Lossy) Subscribe(ctx context.Context, topic string, handler func([]byte)) (func(), error) {
	return l.Bus.Subscribe(ctx, topic, l.some(handler))
}

// Follow implements cluster.Bus.
func (l *Lossy) Follow(topic string, handler func([]byte), live func()) func() {
	return l.Bus.Follow(topic, l.some(handler), live)
}

func (l *Lossy) some(handler func([]byte)) func([]byte) {
	return func(payload []byte) {
		if !l.loses() && !l.waits(func() { handler(payload) }) {
			handler(payload)
		}
	}
}

func (l *Lossy) loses() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.random.Float64() >= l.share {
		return false
	}
	l.lost++
	return true
}
