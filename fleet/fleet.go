package fleet

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"parley/presence"
)

// Registry is what a Fleet needs of a presence.Registry.
type Registry interface {
	Renew(ctx context.Context) (lapsed bool, err error)
	Nodes(ctx context.Context) ([]presence.Node, error)
	Reap(ctx context.Context) ([]presence.Entry, error)
}

// turns is how often in a lease it is renewed and the others are looked at: a dead
// node is noticed within a lease and a sixth.
const turns = 6

// Config sets a Fleet up.
type Config struct {
	Boot   string        // of this node
	Lease  time.Duration // as the registry grants it
	Logger *slog.Logger
}

// Events are called with what has changed, each after the last has returned; they
// must not block for long: no lease is renewed meanwhile. Those that are nil are not
// called.
type Events struct {
	// Lapsed: this node's lease had run out, and holds again. What the others were
	// told of this node may be that it died.
	Lapsed func()
	// Gone: these nodes, by boot, were there and are no more. Every survivor is told.
	Gone func(boots []string)
	// Reaped: what dead nodes held is nobody's now. Of the survivors one is told.
	Reaped func(entries []presence.Entry)
}

// Fleet is all the nodes as this one sees them.
type Fleet struct {
	// static after Start
	cfg      Config
	registry Registry
	events   []Events
	clock    func() time.Time

	cancel context.CancelFunc
	work   sync.WaitGroup

	// owned by the goroutine
	failing bool

	mu        sync.RWMutex
	alive     map[string]presence.Node // guarded by mu, as are the others
	strangers strangers                // who was asked about and is not alive
	steady    time.Time                // since when the registry has been in reach
	looked    time.Time                // when the last look at it began
}

// New makes a fleet that knows nobody. clock tells the time.
func New(cfg Config, r Registry, clock func() time.Time) *Fleet {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	return &Fleet{cfg: cfg, registry: r, clock: clock, cancel: func() {}, strangers: make(strangers)}
}

// Watch names who is told, before Start.
func (f *Fleet) Watch(e Events) { f.events = append(f.events, e) }

// Start begins to renew the lease.
func (f *Fleet) Start() {
	ctx, cancel := context.WithCancel(context.Background())
	f.cancel = cancel
	f.work.Go(func() { f.run(ctx) })
}

// Stop ends it and waits for an event that is under way. The lease runs out by
// itself, or ends with the registry's Close.
func (f *Fleet) Stop() {
	f.cancel()
	f.work.Wait()
}

// Dead reports that a node, by boot, is known not to live. False also means that
// nobody knows: of a node that was never seen alive, before there was another look,
// for it may have begun since the last.
func (f *Fleet) Dead(boot string) bool {
	if boot == f.cfg.Boot {
		return false
	}
	now := f.clock()
	f.mu.RLock()
	_, alive := f.alive[boot]
	steady := f.steadily(now)
	f.mu.RUnlock()
	if alive || !steady {
		return false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.strangers.asked(boot, now).Before(f.looked)
}

// Nodes lists the nodes that were alive at the last look, in no order.
func (f *Fleet) Nodes() []presence.Node {
	f.mu.RLock()
	defer f.mu.RUnlock()
	nodes := make([]presence.Node, 0, len(f.alive))
	for _, n := range f.alive {
		nodes = append(nodes, n)
	}
	return nodes
}

// steadily reports whether the view is one to act upon: it is not where the last look
// was long ago, as this node was paused. Called under mu.
func (f *Fleet) steadily(now time.Time) bool {
	return !f.steady.IsZero() && now.Sub(f.steady) >= f.cfg.Lease && now.Sub(f.looked) < f.cfg.Lease
}

func (f *Fleet) run(ctx context.Context) {
	every := max(f.cfg.Lease/turns, time.Millisecond)
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		look, cancel := context.WithTimeout(ctx, every)
		f.turn(look)
		cancel()
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// turn renews the lease, looks around, and tells what has changed.
func (f *Fleet) turn(ctx context.Context) {
	began := f.clock()
	lapsed, err := f.registry.Renew(ctx)
	var nodes []presence.Node
	if err == nil {
		nodes, err = f.registry.Nodes(ctx)
	}
	if err != nil {
		f.lost(ctx, err)
		return
	}
	if f.failing {
		f.failing = false
		f.cfg.Logger.Info("fleet: lease renewed again", "lapsed", lapsed)
	}
	gone, steady := f.see(began, nodes, lapsed)
	if lapsed {
		f.each(func(e Events) {
			if e.Lapsed != nil {
				e.Lapsed()
			}
		})
	}
	if len(gone) > 0 {
		f.cfg.Logger.Warn("fleet: nodes are gone", "nodes", gone)
		f.each(func(e Events) {
			if e.Gone != nil {
				e.Gone(gone)
			}
		})
	}
	if steady {
		f.reap(ctx)
	}
}

// lost takes note that the registry is out of reach.
func (f *Fleet) lost(ctx context.Context, err error) {
	if !f.failing && ctx.Err() != context.Canceled {
		f.failing = true
		f.cfg.Logger.Warn("fleet: lease not renewed", "err", err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.steady = time.Time{}
}

// see takes in who lives. While the view is not steady nobody is forgotten: they
// are gone once it is, if they are not back by then.
func (f *Fleet) see(began time.Time, nodes []presence.Node, lapsed bool) (gone []string, steady bool) {
	now := f.clock()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.looked = began
	if lapsed || f.steady.IsZero() {
		f.steady = now
	}
	seen := make(map[string]presence.Node, len(nodes))
	for _, n := range nodes {
		seen[n.Boot] = n
	}
	steady = f.steadily(now)
	for boot, n := range f.alive {
		if _, there := seen[boot]; there {
			continue
		}
		if steady {
			gone = append(gone, boot)
			f.strangers.died(boot, now)
		} else {
			seen[boot] = n
		}
	}
	f.alive = seen
	f.strangers.forget(now)
	return gone, steady
}

func (f *Fleet) reap(ctx context.Context) {
	entries, err := f.registry.Reap(ctx)
	if err != nil {
		f.cfg.Logger.Warn("fleet: dead nodes not cleared away", "err", err)
	}
	if len(entries) > 0 {
		f.each(func(e Events) {
			if e.Reaped != nil {
				e.Reaped(entries)
			}
		})
	}
}

func (f *Fleet) each(fn func(e Events)) {
	for _, e := range f.events {
		fn(e)
	}
}
