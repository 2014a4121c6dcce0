package room

import (
	"context"
	"sync"
	"time"

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

	mu      sync.Mutex
	stopped bool // guarded by mu, as are the others: nothing begins any more
	queue   []func(ctx context.Context)
	running int
	work    sync.WaitGroup // Go only under mu
}

func newVault() *vault {
	ctx, cancel := context.WithCancel(context.Background())
	return &vault{ctx: ctx, cancel: cancel}
}

// do runs fn later, not too many at a time, unless the hub stops first. It does not
// wait: all lines of a node may be put by at once.
func (v *vault) do(fn func(ctx context.Context)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch {
	case v.stopped:
	case v.running == vaultAtOnce:
		v.queue = append(v.queue, fn)
	default:
		v.running++
		v.work.Go(func() { v.run(fn) })
	}
}

// run is a goroutine, until there is nothing to do.
func (v *vault) run(fn func(ctx context.Context)) {
	for fn != nil {
		fn(v.ctx)
		fn = v.next()
	}
}

// next is nil when the goroutine is to end.
func (v *vault) next() (fn func(ctx context.Context)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.queue) == 0 || v.stopped {
		v.queue = nil
		v.running--
		return nil
	}
	fn = v.queue[0]
	v.queue[0] = nil
	v.queue = v.queue[1:]
	return fn
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
