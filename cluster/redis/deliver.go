package redis

import "parley/cluster"

// deliver calls the handlers until the bus is closed.
func (b *Bus) deliver() {
	var batch []delivery
	for {
		select {
		case <-b.ctx.Done():
			return
		case <-b.inbox.ready:
		}
		batch = b.inbox.take(batch[:0])
		for i, d := range batch {
			if b.ctx.Err() != nil {
				return
			}
			b.hand(d)
			batch[i] = delivery{} // not kept alive by the spare capacity
		}
	}
}

func (b *Bus) hand(d delivery) {
	if d.one != nil {
		d.one.Tell()
		return
	}
	for _, s := range b.handlers(d) {
		if d.live {
			s.Tell()
		} else {
			s.Deliver(d.payload)
		}
	}
}

// handlers returns who is concerned by a delivery. That a topic carries is not
// told if it has been interrupted again: it will be told then.
func (b *Bus) handlers(d delivery) []*cluster.Subscriber {
	b.mu.Lock()
	defer b.mu.Unlock()
	if d.live && !d.topic.carried {
		return nil
	}
	return d.topic.subscriptions
}
