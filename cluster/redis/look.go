package redis

import (
	"context"
	"time"
)

// Looks at the cluster are this far apart at least, and at most.
const (
	lookApart = 100 * time.Millisecond
	lookEvery = 5 * time.Second
)

// watch looks at the cluster until the bus is closed.
func (b *Bus) watch() {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	wake(b.look)
	for blind := false; ; { // blind: the last look failed
		select {
		case <-b.ctx.Done():
			return
		case <-tick.C:
		case <-b.look:
		}
		b.lookAround(&blind)
		select { // not more often than this, however much is unsettled
		case <-b.ctx.Done():
		case <-time.After(lookApart):
		}
	}
}

// lookAround asks any server of the cluster who holds what. Only the first of
// several failures is logged.
func (b *Bus) lookAround(blind *bool) {
	ctx, cancel := context.WithTimeout(b.ctx, b.cfg.Timeout)
	defer cancel()
	text, err := b.cluster.ClusterNodes(ctx).Result()
	if err != nil {
		if b.ctx.Err() == nil && !*blind {
			b.cfg.Logger.Warn("bus: no server of the cluster answers", "err", err)
		}
		*blind = true
		wake(b.look)
		return
	}
	*blind = false
	b.learn(parseNodes(text))
}
