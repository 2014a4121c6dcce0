package room

import (
	"context"
	"fmt"
	"sync/atomic"
)

// Park puts all suspended sessions by in the vault as they are, for other nodes,
// and returns when all are there or, with an error, when some cannot be or ctx ends. It follows
// Drain, before Stop.
func (h *Hub) Park(ctx context.Context) error {
	if h.cfg.Ledger == nil || h.cfg.Alone {
		return nil
	}
	var left, failed atomic.Int64
	left.Add(1)
	all := make(chan struct{})
	parked := func(_ bool, err error) {
		if err != nil {
			failed.Add(1)
		}
		if left.Add(-1) == 0 {
			close(all)
		}
	}
	h.onShards(func(_ int, sh *shard) {
		sh.lines.each(func(l *line) {
			if l.conn == nil && l.away != nil && !l.over {
				left.Add(1)
				d := sh.deposit(l)
				d.waiting = append(d.waiting, parked)
				d.stale = d.stale || d.version == 0
				d.step()
			}
		})
	})
	parked(true, nil) // those who could be
	select {
	case <-all:
		if n := failed.Load(); n > 0 {
			return fmt.Errorf("room: %d sessions were not put by", n)
		}
		return nil
	case <-ctx.Done():
		return fmt.Errorf("room: not all sessions were put by: %w", ctx.Err())
	}
}
