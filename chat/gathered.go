package chat

import "sync"

// gathered is what waits for a goroutine, each key once. It may be used from any
// goroutine.
type gathered[K comparable, V any] struct {
	bell chan struct{} // capacity 1: something waits

	mu   sync.Mutex
	work map[K]V // guarded by mu
}

func newGathered[K comparable, V any]() *gathered[K, V] {
	return &gathered[K, V]{bell: make(chan struct{}, 1), work: make(map[K]V)}
}

// put adds to what waits, or replaces it.
func (g *gathered[K, V]) put(key K, v V) {
	g.update(key, func(V, bool) (V, bool) { return v, true })
	g.ring()
}

// update decides by what waits for a key, if anything does, whether and what is to
// wait from now on. Nobody is woken by it.
func (g *gathered[K, V]) update(key K, fn func(was V, had bool) (is V, keep bool)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	was, had := g.work[key]
	if is, keep := fn(was, had); keep {
		g.work[key] = is
	} else {
		delete(g.work, key)
	}
}

func (g *gathered[K, V]) ring() {
	select {
	case g.bell <- struct{}{}:
	default:
	}
}

// take empties it.
func (g *gathered[K, V]) take() map[K]V {
	g.mu.Lock()
	defer g.mu.Unlock()
	work := g.work
	g.work = make(map[K]V)
	return work
}
