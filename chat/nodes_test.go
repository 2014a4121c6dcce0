package chat_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"parley/chat"
	"parley/cluster"
	"parley/presence"
	"parley/store"
)

// typing is the last kind of letter that is not about presence.
const typing = 5

// valve is a node's bus whose letters can be kept from it: those that are not about
// presence to be given to it later, or all of them for ever.
type valve struct {
	cluster.Bus

	mu     sync.Mutex
	shut   bool     // guarded by mu, as is all below
	drops  bool     // what comes while it is shut is lost
	kept   []func() // what came
	lives  map[int]func()
	serial int
}

// Follow implements cluster.Bus.
func (v *valve) Follow(topic string, handler func([]byte), live func()) func() {
	v.mu.Lock()
	if v.lives == nil {
		v.lives = make(map[int]func())
	}
	v.serial++
	serial := v.serial
	v.lives[serial] = live
	v.mu.Unlock()
	cancel := v.Bus.Follow(topic, func(payload []byte) {
		v.mu.Lock()
		defer v.mu.Unlock()
		switch {
		case !v.shut || !v.drops && payload[1] > typing:
			handler(payload)
		case !v.drops:
			v.kept = append(v.kept, func() { handler(payload) })
		}
	}, live)
	return func() {
		cancel()
		v.mu.Lock()
		defer v.mu.Unlock()
		delete(v.lives, serial)
	}
}

func (v *valve) close(drops bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.shut, v.drops = true, drops
}

// open gives what was kept, from the place first on.
func (v *valve) open(first int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, give := range v.kept[first:] {
		give()
	}
	v.shut, v.kept = false, nil
}

// holding is how many letters are kept.
func (v *valve) holding() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return len(v.kept)
}

// interrupted tells all followers that letters may have been missed.
func (v *valve) interrupted() {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, live := range v.lives {
		live()
	}
}

// view is one node's connection to the store that all share: what it hears of its
// own writes it hears in their order, and a moment later than others may.
type view struct {
	*fakeStore
	calls chan func()
}

func newView(t *testing.T, st *fakeStore) *view {
	v := &view{fakeStore: st, calls: make(chan func(), 10_000)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for call := range v.calls {
			call()
		}
	}()
	t.Cleanup(func() { close(v.calls); <-done })
	return v
}

func (v *view) PostMessage(in store.NewMessage, done func(store.Message, bool, error)) {
	v.fakeStore.PostMessage(in, func(m store.Message, created bool, err error) { v.calls <- func() { done(m, created, err) } })
}

func (v *view) PostEdit(roomID, userID, id int64, content string, done func(store.Message, error)) {
	v.fakeStore.PostEdit(roomID, userID, id, content, func(m store.Message, err error) { v.calls <- func() { done(m, err) } })
}

func (v *view) PostDelete(roomID, userID, id int64, done func(store.Message, bool, error)) {
	v.fakeStore.PostDelete(roomID, userID, id, func(m store.Message, deleted bool, err error) {
		v.calls <- func() { done(m, deleted, err) }
	})
}

// counts is a Meter.
type counts struct {
	noMeter

	mu                     sync.Mutex
	heard, byNews, byStore int // guarded by mu
}

func (c *counts) Heard() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.heard++
}

func (c *counts) GapClosed(repaired bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if repaired {
		c.byStore++
	} else {
		c.byNews++
	}
}

func (c *counts) counted() (heard, byNews, byStore int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.heard, c.byNews, c.byStore
}

// clock is a time that stands still until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time // guarded by mu
}

func newClock() *clock { return &clock{now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// nodes are some with one store, one bus and one presence registry.
type nodes struct {
	store    *fakeStore
	presence *presence.Memory
	clock    *clock
	all      []*node
	valves   []*valve
	meters   []*counts
	regs     []presence.Registry
}

// lease is that of the nodes; linger how long who is in doubt is shown.
const (
	lease  = 12 * time.Second
	linger = 20 * time.Second
)

// startNodes makes n nodes whose sweeps are the test's to do. bus wraps each node's,
// nil: not.
func startNodes(t *testing.T, count int, st *fakeStore, bus func(i int, b cluster.Bus) cluster.Bus, config func(c *chat.Config)) *nodes {
	t.Helper()
	ns := &nodes{store: st, clock: newClock()}
	ns.presence = presence.NewMemory(lease, ns.clock.Now)
	medium := cluster.NewMemory()
	for i := range count {
		b := medium.Bus()
		if bus != nil {
			b = bus(i, b)
		}
		v, m := &valve{Bus: b}, &counts{}
		boot := fmt.Sprint("node", i)
		reg := ns.presence.Node(boot)
		n := &node{
			t: t, store: st, view: newView(t, st), presence: ns.presence,
			meter: m, others: true, boot: boot, bus: v,
			config: func(c *chat.Config) {
				c.Sweep, c.PresenceSweep, c.Linger, c.Clock = time.Hour, time.Hour, linger, ns.clock.Now
				if config != nil {
					config(c)
				}
			},
		}
		ns.all, ns.valves = append(ns.all, n.start(reg)), append(ns.valves, v)
		ns.meters, ns.regs = append(ns.meters, m), append(ns.regs, reg)
	}
	return ns
}

// sweep is a tick of each node's.
func (ns *nodes) sweep() {
	for _, n := range ns.all {
		n.chat.Sweep()
	}
}
