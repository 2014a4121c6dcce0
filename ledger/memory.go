package ledger

import (
	"bytes"
	"context"
	"maps"
	"sync"
	"time"
)

// Memory holds documents that any number of nodes within one process share.
type Memory struct {
	// Static after construction.
	clock func() time.Time

	// Guarded by mu.
	mu     sync.Mutex
	pages  map[string]page
	latest int64 // the last version given to any document
	swaps  int   // since what has outlived its time was last looked for
}

// page is a document with its end.
type page struct {
	document Document
	until    time.Time // valid before it
}

// NewMemory makes an empty memory. clock tells the time; it is called under a
// lock and must not call back.
func NewMemory(clock func() time.Time) *Memory {
	return &Memory{clock: clock, pages: make(map[string]page)}
}

// Ledger gives one more node access.
func (m *Memory) Ledger() Ledger { return &memoryLedger{memory: m} }

// Lose forgets all documents, as a database does that comes back empty: for
// tests of those who must cope with it.
func (m *Memory) Lose() {
	m.mu.Lock()
	defer m.mu.Unlock()
	clear(m.pages)
}

// Past returns what puts all documents back as they are now, as a database does that
// comes back with old data: for the same tests.
func (m *Memory) Past() (restore func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	pages := maps.Clone(m.pages)
	return func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.pages = maps.Clone(pages)
	}
}

// load finds a document. Called under mu.
func (m *Memory) load(key string, now time.Time) Document {
	if p, ok := m.pages[key]; ok && now.Before(p.until) {
		return p.document
	}
	return Document{}
}

// swap does Swap. Called under mu.
func (m *Memory) swap(key string, was int64, value []byte, ttl time.Duration, now time.Time) (Document, bool) {
	if d := m.load(key, now); d.Version != was {
		return d, false
	}
	m.tidy(now)
	if len(value) == 0 {
		delete(m.pages, key)
		return Document{}, true
	}
	m.latest = max(m.latest+1, now.UnixMicro())
	d := Document{Version: m.latest, Value: bytes.Clone(value)}
	m.pages[key] = page{d, now.Add(max(ttl, time.Millisecond))}
	return d, true
}

// tidy drops what has outlived its time, now and then: a constant share of the
// work of each swap. Called under mu.
func (m *Memory) tidy(now time.Time) {
	if m.swaps++; m.swaps <= len(m.pages)/2 {
		return
	}
	m.swaps = 0
	for key, p := range m.pages {
		if !now.Before(p.until) {
			delete(m.pages, key)
		}
	}
}

// memoryLedger is one node's access to a Memory.
type memoryLedger struct {
	// Static after construction.
	memory *Memory

	// Guarded by memory.mu.
	closed bool
}

// Load implements Ledger.
func (l *memoryLedger) Load(ctx context.Context, key string) (d Document, err error) {
	err = l.do(ctx, func(now time.Time) { d = l.memory.load(key, now) })
	return d, err
}

// LoadAll implements Ledger: all are of one moment.
func (l *memoryLedger) LoadAll(ctx context.Context, keys []string) (all []Document, err error) {
	err = l.do(ctx, func(now time.Time) {
		for _, key := range keys {
			all = append(all, l.memory.load(key, now))
		}
	})
	return all, err
}

// Swap implements Ledger.
func (l *memoryLedger) Swap(ctx context.Context, key string, was int64, value []byte, ttl time.Duration) (d Document, stored bool, err error) {
	err = l.do(ctx, func(now time.Time) { d, stored = l.memory.swap(key, was, value, ttl, now) })
	return d, stored, err
}

// Ping implements Ledger.
func (l *memoryLedger) Ping(ctx context.Context) error { return l.do(ctx, func(time.Time) {}) }

// Close implements Ledger.
func (l *memoryLedger) Close() error {
	l.memory.mu.Lock()
	defer l.memory.mu.Unlock()
	l.closed = true
	return nil
}

// do runs step at one moment of the memory's clock, under its lock.
func (l *memoryLedger) do(ctx context.Context, step func(now time.Time)) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	l.memory.mu.Lock()
	defer l.memory.mu.Unlock()
	if l.closed {
		return ErrClosed
	}
	step(l.memory.clock())
	return nil
}
