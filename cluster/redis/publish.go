package redis

import (
	"context"
	"errors"

	goredis "github.com/redis/go-redis/v9"
)

// mostMoves is how often a payload follows its slot from master to master.
const mostMoves = 5

// outgoing is a payload on its way to a master.
type outgoing struct {
	channel string
	slot    int
	payload []byte
	done    chan<- error // capacity 1; nil if nobody waits
	moves   int
}

func (o outgoing) answer(err error) {
	if o.done != nil {
		o.done <- err
	}
}

// queue takes a payload. It is called with mu held.
func (l *link) queue(o outgoing) error {
	if len(l.waiting) >= l.bus.cfg.QueuePayloads || l.held+len(o.payload) > l.bus.cfg.QueueBytes {
		return errQueueFull
	}
	l.waiting = append(l.waiting, o)
	l.held += len(o.payload)
	wake(l.work)
	return nil
}

// publish sends what waits, a pipeline at a time, until the link ends.
func (l *link) publish() {
	defer func() { _ = l.publisher().Close() }()
	failing := false
	for {
		select {
		case <-l.ctx.Done():
			return
		case <-l.work:
		}
		for batch, client := l.take(); len(batch) > 0; batch, client = l.take() {
			results, err := l.transmit(client, batch)
			if err != nil && !failing && l.ctx.Err() == nil {
				l.bus.cfg.Logger.Warn("bus: publishing fails", "master", l.addr, "err", err)
			}
			failing = err != nil
			if broken(err) {
				l.renew(client)
			}
			l.settle(batch, results)
		}
	}
}

// broken tells whether it was not Redis that refused.
func broken(err error) bool {
	var said goredis.Error
	return err != nil && !errors.As(err, &said)
}

// renew gives up the publishing connection, unless that has been done. The pool
// would else refuse to dial for a while after a dial that failed.
func (l *link) renew(failed *goredis.Client) {
	l.bus.mu.Lock()
	defer l.bus.mu.Unlock()
	if l.client == failed {
		l.client = goredis.NewClient(l.bus.likeClient(l.addr))
		_ = failed.Close()
	}
}

func (l *link) publisher() *goredis.Client {
	l.bus.mu.Lock()
	defer l.bus.mu.Unlock()
	return l.client
}

// take hands over what is another's, and returns what is to be sent next.
func (l *link) take() ([]outgoing, *goredis.Client) {
	l.bus.mu.Lock()
	defer l.bus.mu.Unlock()
	if l.handover {
		l.handOver()
	}
	n, bytes := 0, 0
	for n < len(l.waiting) && n < l.bus.cfg.BatchPayloads && (n == 0 || bytes+len(l.waiting[n].payload) <= l.bus.cfg.BatchBytes) {
		bytes += len(l.waiting[n].payload)
		n++
	}
	batch := l.waiting[:n:n]
	l.waiting = l.waiting[n:]
	l.held -= bytes
	if len(l.waiting) == 0 {
		l.waiting = nil // the batch has the array
	}
	return batch, l.client
}

// handOver gives slots that another master holds to its link, with what waits
// for them. Nothing of them is in flight. It is called with mu held.
func (l *link) handOver() {
	l.handover = false
	b := l.bus
	var kept []outgoing
	for _, o := range l.waiting {
		to := b.links[b.slots[o.slot].holder]
		if to == nil || to == l {
			kept = append(kept, o)
			continue
		}
		to.waiting = append(to.waiting, o)
		to.held += len(o.payload)
		l.held -= len(o.payload)
		wake(to.work)
	}
	l.waiting = kept
	for i := range b.slots {
		if s := &b.slots[i]; s.writer == l && s.holder != l.addr {
			s.writer = b.links[s.holder]
		}
	}
	wake(b.look) // this link may be needed no more
}

// transmit sends a batch in one round trip.
func (l *link) transmit(client *goredis.Client, batch []outgoing) ([]*goredis.IntCmd, error) {
	ctx, cancel := context.WithTimeout(l.ctx, l.bus.cfg.Timeout)
	defer cancel()
	pipe, results := client.Pipeline(), make([]*goredis.IntCmd, len(batch))
	for i, o := range batch {
		if l.bus.cluster != nil {
			results[i] = pipe.SPublish(ctx, o.channel, o.payload)
		} else {
			results[i] = pipe.Publish(ctx, o.channel, o.payload)
		}
	}
	_, err := pipe.Exec(ctx)
	return results, err
}

// settle tells each payload's fate: carried, moved with its slot, or lost.
func (l *link) settle(batch []outgoing, results []*goredis.IntCmd) {
	carried := 0
	var moved []outgoing
	later := make(map[int]bool) // slots of which something later was carried
	for i := len(batch) - 1; i >= 0; i-- {
		o, err := batch[i], results[i].Err()
		if err == nil {
			carried++
			if len(batch) > 1 {
				later[o.slot] = true
			}
			o.answer(nil)
			continue
		}
		if slot, addr, ok := parseMoved(err); ok && l.bus.cluster != nil && slot == o.slot && !later[slot] && o.moves < mostMoves {
			o.moves++
			moved = append(moved, o)
			l.follow(slot, addr)
			continue
		}
		l.bus.cfg.Meter.Dropped("publish", 1) // before its publisher knows
		o.answer(err)
	}
	l.putBack(moved)
	if carried > 0 {
		l.bus.cfg.Meter.Published(carried)
	}
}

// follow takes in that a slot is elsewhere.
func (l *link) follow(slot int, addr string) {
	l.bus.mu.Lock()
	defer l.bus.mu.Unlock()
	if l.bus.slots[slot].holder == l.addr && !l.bus.closed {
		l.bus.moved(slot, addr)
	}
}

// putBack queues what moved, given in reverse order, before all else.
func (l *link) putBack(moved []outgoing) {
	if len(moved) == 0 {
		return
	}
	l.bus.mu.Lock()
	defer l.bus.mu.Unlock()
	first := make([]outgoing, 0, len(moved)+len(l.waiting))
	for i := len(moved) - 1; i >= 0; i-- {
		first = append(first, moved[i])
		l.held += len(moved[i].payload)
	}
	l.waiting = append(first, l.waiting...)
	l.handover = true
}
