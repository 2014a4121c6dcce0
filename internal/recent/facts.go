package recent

import (
	"sync"
	"time"
)

// Facts remembers values of type V by key for a while. Each rests on two rights
// of type R, and is gone as soon as one of them ends.
//
// Facts live in two generations. New ones go to the young; it becomes the old
// one when half the time is over or when it is full, and the old one is dropped
// whole. So a fact lives between half the time and all of it, or less where
// more is to be remembered than fits, and to forget costs nothing.
//
// An ending is a note that stays as long as the facts of its time: those that
// were begun to be looked up before it do not hold. A look-up that is slower
// than the notes last finds floor raised, and is not remembered.
type Facts[K comparable, V any, R comparable] struct {
	// static after construction
	half   time.Duration
	most   int // facts, and endings, of a generation
	rights func(K, V) [2]R

	mu         sync.Mutex
	epoch      Mark // guarded by mu, as is all below; counts the endings
	floor      Mark // the last ending whose note may have been dropped
	young, old generation[K, V, R]
	aging      bool // a timer is set
}

// Mark is a point in the order of endings.
type Mark uint64

type fact[V any] struct {
	value V
	mark  Mark // when its look-up began
}

type generation[K comparable, V any, R comparable] struct {
	facts  map[K]fact[V]
	ended  map[R]Mark
	closed Mark // the epoch when it ceased to be the young one
}

// New makes a memory for at most so many facts, each for at most so long. rights
// tells what a fact rests on; it must be pure.
func New[K comparable, V any, R comparable](most int, keep time.Duration, rights func(K, V) [2]R) *Facts[K, V, R] {
	return &Facts[K, V, R]{half: keep / 2, most: max(1, most/2), rights: rights}
}

// Begin is called before a look-up, for Put.
func (f *Facts[K, V, R]) Begin() Mark {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.epoch
}

// Put remembers what a look-up has found that began at mark, unless a right
// that it rests on has ended since.
func (f *Facts[K, V, R]) Put(key K, value V, mark Mark) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if mark < f.floor || !f.holds(key, value, mark) {
		return
	}
	if len(f.young.facts) >= f.most {
		f.turn()
	}
	if f.young.facts == nil {
		f.young.facts = make(map[K]fact[V])
	}
	f.young.facts[key] = fact[V]{value, mark}
	f.age()
}

// Get returns what is remembered and still holds. It does not allocate.
func (f *Facts[K, V, R]) Get(key K) (V, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	found, ok := f.young.facts[key]
	if !ok {
		found, ok = f.old.facts[key]
	}
	if !ok || !f.holds(key, found.value, found.mark) {
		var none V
		return none, false
	}
	return found.value, true
}

// End forgets all that rests on a right, what is being looked up now included.
// It is called when a look-up that begins after it would find the right ended.
func (f *Facts[K, V, R]) End(right R) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.epoch++
	if len(f.young.ended) >= f.most {
		f.turn()
	}
	if f.young.ended == nil {
		f.young.ended = make(map[R]Mark)
	}
	f.young.ended[right] = f.epoch
	f.age()
}

// holds reports that no right has ended since mark, as far as notes reach.
func (f *Facts[K, V, R]) holds(key K, value V, mark Mark) bool {
	if mark == f.epoch {
		return true
	}
	for _, r := range f.rights(key, value) {
		if f.young.ended[r] > mark || f.old.ended[r] > mark {
			return false
		}
	}
	return true
}

// turn drops the old generation. No fact outlives a note of its own generation
// or a later one, and what Put is still to be given is held against floor.
func (f *Facts[K, V, R]) turn() {
	f.floor = f.old.closed
	f.young.closed = f.epoch
	f.old, f.young = f.young, generation[K, V, R]{}
}

// age sets the timer of the next turn: there is one while there is anything to
// forget.
func (f *Facts[K, V, R]) age() {
	if f.aging {
		return
	}
	f.aging = true
	time.AfterFunc(f.half, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.turn()
		f.aging = false
		if len(f.old.facts)+len(f.old.ended) > 0 {
			f.age()
		}
	})
}
