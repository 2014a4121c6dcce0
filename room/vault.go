package room

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"parley/ledger"
)

// Ledger is where nodes agree on how many sockets a user has, and put lines by whose
// sockets are lost, so that another node can go on with them. It is a part of a
// ledger.Ledger.
type Ledger interface {
	Load(ctx context.Context, key string) (ledger.Document, error)
	Swap(ctx context.Context, key string, was int64, value []byte, ttl time.Duration) (now ledger.Document, stored bool, err error)
}

const (
	vaultAtOnce  = 64              // Swaps of a node
	vaultTimeout = 2 * time.Second // of one
	vaultRetry   = time.Second     // after one that failed
)

// vault is the hub's way there, off the shards.
type vault struct {
	ctx    context.Context // ends what is under way
	cancel context.CancelFunc
	free   *semaphore.Weighted

	mu      sync.Mutex
	stopped bool           // guarded by mu: nothing begins any more
	work    sync.WaitGroup // Go only under mu
}

func newVault() *vault {
	ctx, cancel := context.WithCancel(context.Background())
	return &vault{ctx: ctx, cancel: cancel, free: semaphore.NewWeighted(vaultAtOnce)}
}

// do runs fn on a goroutine of its own, not too many at a time, unless the hub
// stops first.
func (v *vault) do(fn func(ctx context.Context)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.stopped {
		return
	}
	v.work.Go(func() {
		if v.free.Acquire(v.ctx, 1) != nil {
			return
		}
		defer v.free.Release(1)
		fn(v.ctx)
	})
}

func (v *vault) stop() {
	v.mu.Lock()
	v.stopped = true
	v.mu.Unlock()
	v.cancel()
	v.work.Wait()
}

func vaultKey(name string) string { return "line:" + name }

// record is the document of a line: the parcel that a node has put by, or who has
// taken it.
type record struct {
	boot   string
	parcel []byte // nil: the line is there now, and not to be had here
}

const (
	recordParcel byte = iota + 1
	recordTaken
)

func (r record) encode() []byte {
	if r.parcel == nil {
		return appendText([]byte{recordTaken}, r.boot)
	}
	return append(appendText([]byte{recordParcel}, r.boot), r.parcel...)
}

// readRecord reads what it can: of what it cannot the boot is "".
func readRecord(b []byte) (rec record) {
	r := reading{rest: b}
	kind := r.byte()
	rec.boot = string(r.text())
	switch {
	case r.failed || kind != recordParcel && kind != recordTaken:
		return record{}
	case kind == recordParcel:
		rec.parcel = r.rest
	}
	return rec
}

// withdraw takes the line from the vault, unless a node has it that may answer.
func (s *search) withdraw() (whereabouts, string) {
	h := s.hub
	if h.cfg.Ledger == nil {
		return nowhere, ""
	}
	key := vaultKey(s.claim.name)
	for s.ctx.Err() == nil {
		d, err := h.cfg.Ledger.Load(s.ctx, key)
		if err != nil {
			h.cfg.Logger.Warn("room: session not looked up", "err", err)
			return nowhere, ""
		}
		rec := readRecord(d.Value)
		switch {
		case rec.boot == "" || rec.boot == h.cfg.Boot:
			return nowhere, ""
		case !s.mute[rec.boot] && !h.dead(rec.boot):
			return elsewhere, rec.boot
		case rec.parcel == nil:
			return nowhere, ""
		}
		p, err := readParcel(rec.parcel)
		if err != nil || !p.is(s.claim.user, s.claim.at, s.claim.token) {
			return notTheirsToHave, ""
		}
		_, taken, err := h.cfg.Ledger.Swap(s.ctx, key, d.Version, record{boot: h.cfg.Boot}.encode(), h.cfg.Resume.Window)
		if err != nil {
			h.cfg.Logger.Warn("room: session not taken over", "err", err)
			return nowhere, ""
		}
		if taken {
			return h.arrive(&arrival{parcel: p, until: time.Now().Add(max(p.left, landWithin))}), ""
		}
	}
	return nowhere, ""
}
