package redis

import (
	"context"
	"time"

	goredis "github.com/redis/go-redis/v9"
)

// Pauses between attempts to reach a master.
const (
	firstPause = 50 * time.Millisecond
	mostPause  = time.Second
)

// link is the bus's way to one master and back.
type link struct {
	// Static after construction.
	bus  *Bus
	addr string
	ctx  context.Context // ends when the link is not needed any more
	end  context.CancelFunc
	work chan struct{} // capacity 1: there is something for the writer
	asks chan struct{} // capacity 1: there is something to subscribe or unsubscribe

	// Guarded by bus.mu: the way out.
	waiting  []outgoing
	held     int             // bytes that wait
	handover bool            // some slots are another's now
	client   *goredis.Client // that publishes

	// Guarded by bus.mu: the way back.
	topics  map[*topic]struct{}
	wanted  []request // not yet sent
	asked   []request // sent and not yet answered, in order
	session *goredis.PubSub
	canary  *canary
	since   time.Time // of the wait for a canary, that of a new connection included; zero: none is awaited
}

// newLink is called with mu held.
func (b *Bus) newLink(addr string) *link {
	l := &link{
		bus: b, addr: addr, work: make(chan struct{}, 1), asks: make(chan struct{}, 1),
		topics: make(map[*topic]struct{}), client: goredis.NewClient(b.likeClient(addr)),
	}
	l.ctx, l.end = context.WithCancel(b.ctx)
	b.links[addr] = l
	b.all.Go(l.publish)
	b.all.Go(l.listen)
	return l
}

// listen keeps a subscribing connection until the link ends.
func (l *link) listen() {
	pause := firstPause
	for l.ctx.Err() == nil {
		began := time.Now()
		err := l.hold()
		l.lost()
		if l.ctx.Err() != nil {
			return
		}
		if time.Since(began) > 2*mostPause {
			pause = firstPause
		}
		if pause == firstPause {
			l.bus.cfg.Logger.Warn("bus: subscriptions interrupted", "master", l.addr, "err", err)
		}
		select {
		case <-l.ctx.Done():
		case <-time.After(pause):
		}
		pause = min(2*pause, mostPause)
	}
}

// hold makes one connection and reads from it until it breaks.
func (l *link) hold() error {
	client := l.bus.dialOnce(l.addr)
	defer func() { _ = client.Close() }()
	session := client.Subscribe(l.ctx)
	defer func() { _ = session.Close() }()
	stop := context.AfterFunc(l.ctx, func() { _ = session.Close() })
	defer stop()

	ctx, cancel := context.WithCancel(l.ctx)
	defer cancel()
	l.begin(session)
	asker := make(chan struct{})
	go func() {
		defer close(asker)
		l.ask(ctx, session)
	}()
	err := l.read(session)
	cancel()
	_ = session.Close() // frees an asker that writes
	<-asker
	return err
}

// begin has everything subscribed on a new connection.
func (l *link) begin(session *goredis.PubSub) {
	l.bus.mu.Lock()
	defer l.bus.mu.Unlock()
	l.session, l.since = session, time.Now()
	l.wanted, l.asked = nil, nil
	l.canary = nil
	l.settleCanary()
	for t := range l.topics {
		l.request(t, true)
	}
}

// lost notes that nothing is carried, and has the cluster looked at.
func (l *link) lost() {
	l.bus.mu.Lock()
	defer l.bus.mu.Unlock()
	l.session, l.wanted, l.asked, l.canary = nil, nil, nil, nil
	for t := range l.topics {
		t.interrupt()
	}
	wake(l.bus.look)
}

// reset gives up both connections, which are then made anew: what is in flight
// is lost. It is called with mu held.
func (l *link) reset() {
	if l.ctx.Err() != nil {
		return
	}
	old, session := l.client, l.session
	l.client = goredis.NewClient(l.bus.likeClient(l.addr))
	l.since = time.Now()
	if l.canary != nil {
		l.canary.fresh = true
	}
	l.bus.all.Go(func() { // closing may wait for whoever dials
		_ = old.Close()
		if session != nil {
			_ = session.Close()
		}
	})
}
