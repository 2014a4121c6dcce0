package edge

import "sync"

// Handshakes that must wait for something run on goroutines of their own: so
// many at once, and so many in the queue for them. Waiting costs no more than
// the socket, and HandshakeTimeout runs meanwhile.
const (
	askingWidth = 64
	askingQueue = 32 << 10
)

// asking runs what may block, for shards that must not. Its goroutines end when
// there is nothing to do.
type asking struct {
	mu      sync.Mutex
	running int      // guarded by mu
	queue   []func() // guarded by mu
}

// run reports false, and fn never runs, if too much waits already.
func (a *asking) run(fn func()) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.running == askingWidth {
		if len(a.queue) == askingQueue {
			return false
		}
		a.queue = append(a.queue, fn)
		return true
	}
	a.running++
	go a.work(fn)
	return true
}

func (a *asking) work(fn func()) {
	for fn != nil {
		fn()
		fn = a.next()
	}
}

// next is nil when the goroutine may end.
func (a *asking) next() (fn func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.queue) == 0 {
		a.queue = nil
		a.running--
		return nil
	}
	fn = a.queue[0]
	a.queue[0] = nil
	a.queue = a.queue[1:]
	return fn
}
