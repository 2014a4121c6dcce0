package room

import (
	"context"
	"fmt"
	"sync"
)

// Park puts all suspended sessions by in the vault as they are, for other nodes,
// and returns when all are there or, with an error, when some cannot be, the vault is
// out of reach or ctx ends. It follows Drain, before Stop.
func (h *Hub) Park(ctx context.Context) error {
	if h.cfg.Ledger == nil || h.cfg.Alone {
		return nil
	}
	p := &parking{left: 1, over: make(chan struct{})}
	h.onShards(func(_ int, sh *shard) {
		sh.lines.each(func(l *line) {
			if l.conn == nil && l.away != nil && !l.over {
				p.expect()
				d := sh.deposit(l)
				d.waiting = append(d.waiting, p.parked)
				d.stale = d.stale || d.version == 0
				d.step()
			}
		})
	})
	p.parked(true, nil) // those who could be
	select {
	case <-p.over:
		return p.err()
	case <-ctx.Done():
		return fmt.Errorf("room: not all sessions were put by: %w", ctx.Err())
	}
}

// parking is the sessions that are being put by. Shards use it.
type parking struct {
	over chan struct{} // closed when there is no more to be had

	mu     sync.Mutex
	left   int // guarded by mu, as are the others
	failed int
	row    int // of failures, with no success between
	last   error
	ended  bool
}

func (p *parking) expect() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left++
}

// parked is told how it went. Where the vault takes nothing that is tried at once, the
// others need not be waited for: a node that ends has more to do.
func (p *parking) parked(_ bool, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left--
	if err != nil {
		p.failed, p.row, p.last = p.failed+1, p.row+1, err
	} else {
		p.row = 0
	}
	if !p.ended && (p.left == 0 || p.row >= vaultAtOnce) {
		p.ended = true
		close(p.over)
	}
}

func (p *parking) err() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.failed == 0 {
		return nil
	}
	return fmt.Errorf("room: %d sessions were not put by: %w", p.failed+p.left, p.last)
}
