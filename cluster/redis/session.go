package redis

import (
	"context"
	"errors"
	"fmt"
	"strings"

	goredis "github.com/redis/go-redis/v9"
)

// request asks Redis to begin or end a subscription. Redis answers in order.
type request struct {
	topic *topic
	on    bool
}

// mostAtOnce is how many channels one SUBSCRIBE names outside a cluster.
const mostAtOnce = 256

// request queues one, if there is a connection: a new one asks for all topics.
// It is called with mu held.
func (l *link) request(t *topic, on bool) {
	if l.session == nil {
		return
	}
	l.wanted = append(l.wanted, request{t, on})
	wake(l.asks)
}

// ask sends what is requested until ctx ends or the connection fails.
func (l *link) ask(ctx context.Context, session *goredis.PubSub) {
	for {
		for batch := l.next(); len(batch) > 0; batch = l.next() {
			if err := l.send(ctx, session, batch); err != nil {
				_ = session.Close() // the reader notices
				return
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-l.asks:
		}
	}
}

// next takes requests that fit one command: in a cluster a single one, for
// another channel is in another slot; it is answered by as many replies.
func (l *link) next() []request {
	l.bus.mu.Lock()
	defer l.bus.mu.Unlock()
	n := 0
	for n < len(l.wanted) && l.wanted[n].on == l.wanted[0].on && n < mostAtOnce && (n == 0 || l.bus.cluster == nil) {
		n++
	}
	batch := l.wanted[:n:n]
	l.wanted = l.wanted[n:]
	l.asked = append(l.asked, batch...)
	return batch
}

func (l *link) send(ctx context.Context, session *goredis.PubSub, batch []request) error {
	channels := make([]string, len(batch))
	for i, r := range batch {
		channels[i] = r.topic.channel
	}
	switch sharded := l.bus.cluster != nil; {
	case batch[0].on && sharded:
		return session.SSubscribe(ctx, channels...)
	case batch[0].on:
		return session.Subscribe(ctx, channels...)
	case sharded:
		return session.SUnsubscribe(ctx, channels...)
	default:
		return session.Unsubscribe(ctx, channels...)
	}
}

// read takes in what Redis says until the connection breaks.
func (l *link) read(session *goredis.PubSub) error {
	for {
		got, err := session.Receive(l.ctx)
		if err != nil {
			if err = l.refused(err); err != nil {
				return err
			}
			continue
		}
		switch m := got.(type) {
		case *goredis.Message:
			l.received(m)
		case *goredis.Subscription:
			if err := l.answered(m.Channel, strings.HasSuffix(m.Kind, "unsubscribe")); err != nil {
				return err
			}
		}
	}
}

// received passes a payload on, unless its topic has gone elsewhere: what comes
// from there must not be overtaken by what comes from here.
func (l *link) received(m *goredis.Message) {
	l.bus.mu.Lock()
	if l.canary != nil && l.canary.topic.channel == m.Channel {
		l.returned(m.Payload)
		l.bus.mu.Unlock()
		return
	}
	t := l.bus.topics[m.Channel]
	current := t != nil && t.link == l
	l.bus.mu.Unlock()
	if current {
		l.bus.cfg.Meter.Received()
		l.bus.inbox.put(delivery{topic: t, payload: []byte(m.Payload)})
	}
}

// answered takes in that a subscription has begun, or has ended: because we
// asked, or because its slot has left this master.
func (l *link) answered(channel string, ended bool) error {
	l.bus.mu.Lock()
	defer l.bus.mu.Unlock()
	matches := len(l.asked) > 0 && l.asked[0].topic.channel == channel && l.asked[0].on != ended
	switch {
	case matches:
		r := l.asked[0]
		l.asked = l.asked[1:]
		if r.on {
			l.carries(r.topic)
		}
		return nil
	case ended && l.bus.cluster != nil:
		l.dropped(channel)
		return nil
	default:
		return fmt.Errorf("unexpected answer for %q", channel)
	}
}

// carries notes that Redis has confirmed a subscription, if it is still wanted.
func (l *link) carries(t *topic) {
	if l.canary != nil && t == l.canary.topic {
		l.canary.carried = true
		l.release()
		return
	}
	if t.link != l || l.bus.topics[t.channel] != t {
		return
	}
	t.carried = true
	if t.interrupted {
		l.bus.cfg.Meter.Resubscribed(1)
		t.interrupted = false
	}
	l.bus.inbox.put(delivery{topic: t, live: true})
}

// dropped is called when the master has ended a subscription by itself.
func (l *link) dropped(channel string) {
	wake(l.bus.look)
	if l.canary != nil && l.canary.topic.channel == channel {
		l.canary = nil
		return
	}
	if t := l.bus.topics[channel]; t != nil && t.link == l {
		delete(l.topics, t)
		t.interrupt()
		t.link = nil
	}
}

// refused takes in that a subscription is to be had elsewhere. It returns any
// other error: the connection is of no use then.
func (l *link) refused(err error) error {
	var said goredis.Error
	slot, _, moved := parseMoved(err)
	if !errors.As(err, &said) || !moved || l.bus.cluster == nil {
		return err
	}
	l.bus.mu.Lock()
	defer l.bus.mu.Unlock()
	if len(l.asked) == 0 || l.asked[0].topic.slot != slot {
		return fmt.Errorf("unexpected answer: %w", err)
	}
	r := l.asked[0]
	l.asked = l.asked[1:]
	if !r.on {
		return nil
	}
	// The masters may not agree yet: asked at once, they could send us to and fro.
	l.bus.slots[slot].epoch = 0
	l.dropped(r.topic.channel)
	return nil
}
