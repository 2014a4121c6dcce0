package redis

import (
	"errors"
	"fmt"
	"strconv"
	"time"
)

var (
	errNoCluster = errors.New("cluster/redis: nobody tells who is in the cluster")
	errNoAnswer  = errors.New("no canary has come back")
)

// canary is a topic of a link's own on its master. Guarded by Bus.mu.
type canary struct {
	topic   *topic
	carried bool
	fresh   bool // none has come back on this connection
}

// settleCanary has a canary on this master, in a slot that it holds. It is called
// with mu held.
func (l *link) settleCanary() {
	if l.session == nil {
		return
	}
	if l.canary != nil {
		if l.bus.slots[l.canary.topic.slot].holder == l.addr {
			return
		}
		l.request(l.canary.topic, false)
		l.canary = nil
	}
	for i := range 4 * slotCount {
		channel, slot := l.bus.channel(fmt.Sprintf("canary:%s:%d", l.bus.name, i))
		if l.bus.slots[slot].holder != l.addr {
			continue
		}
		l.canary = &canary{topic: &topic{channel: channel, slot: slot}, fresh: true}
		l.request(l.canary.topic, true)
		return
	}
}

// release publishes a canary. It is called with mu held.
func (l *link) release() {
	if l.since.IsZero() {
		l.since = time.Now()
	}
	t := l.canary.topic
	_ = l.queue(outgoing{channel: t.channel, slot: t.slot, payload: strconv.AppendInt(nil, time.Now().UnixNano(), 10)})
}

// returned takes in a canary. It is called with mu held.
func (l *link) returned(payload string) {
	sent, err := strconv.ParseInt(payload, 10, 64)
	if err != nil {
		return
	}
	l.canary.fresh = false
	l.since = time.Time{}
	l.bus.cfg.Meter.RoundTrip(time.Since(time.Unix(0, sent)))
}

// silent is for how long a canary has been awaited. It is called with mu held.
func (l *link) silent() time.Duration {
	if l.since.IsZero() {
		return 0
	}
	return time.Since(l.since)
}

// sing sends the canaries until the bus is closed.
func (b *Bus) sing() {
	tick := time.NewTicker(b.cfg.CanaryEvery)
	defer tick.Stop()
	for {
		select {
		case <-b.ctx.Done():
			return
		case <-tick.C:
			b.checkCanaries()
		}
	}
}

// checkCanaries gives up connections from which nothing was heard for too long,
// and sends the next canaries.
func (b *Bus) checkCanaries() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, l := range b.links {
		switch {
		case l.session == nil: // it is being made
		case l.silent() > b.cfg.CanaryPatience:
			b.cfg.Logger.Warn("bus: a subscription is wedged, and made anew", "master", l.addr, "silent_for", l.silent())
			l.reset()
		case l.canary != nil && l.canary.carried:
			l.release()
		}
	}
}

// Up tells whether all masters carried this node's canaries lately. It never
// blocks.
func (b *Bus) Up() bool { return b.state() == nil }

func (b *Bus) state() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.links) == 0 {
		return errNoCluster
	}
	for _, l := range b.links {
		if l.canary == nil || l.canary.fresh {
			return fmt.Errorf("cluster/redis: %s: %w", l.addr, errNoAnswer)
		}
	}
	return nil
}
