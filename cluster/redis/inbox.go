package redis

import (
	"sync"

	"parley/cluster"
)

// delivery is something for the handlers of a topic: a payload, or with live
// that it carries; to only one of them if one is named.
type delivery struct {
	topic   *topic
	one     *cluster.Subscriber
	live    bool
	payload []byte
}

// inbox is what came from Redis and waits for the handlers. A reader never
// waits for it: what does not fit is dropped, and its topic told so.
type inbox struct {
	// Static after construction.
	payloads, bytes int // at most
	dropped         func()
	ready           chan struct{} // capacity 1: there is something

	// Guarded by mu.
	mu      sync.Mutex
	waiting []delivery
	held    int // bytes
	missed  map[*topic]struct{}
}

func newInbox(cfg Config) *inbox {
	return &inbox{
		payloads: cfg.InboxPayloads, bytes: cfg.InboxBytes,
		dropped: func() { cfg.Meter.Dropped("inbox", 1) },
		ready:   make(chan struct{}, 1), missed: make(map[*topic]struct{}),
	}
}

// put takes a delivery. Word that a topic carries always fits: there is one for
// each time it is subscribed.
func (in *inbox) put(d delivery) {
	if !in.fits(d) {
		in.dropped()
	}
	wake(in.ready)
}

func (in *inbox) fits(d delivery) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	if !d.live && (len(in.waiting) >= in.payloads || in.held+len(d.payload) > in.bytes) {
		in.missed[d.topic] = struct{}{}
		return false
	}
	in.waiting = append(in.waiting, d)
	in.held += len(d.payload)
	return true
}

// take returns what waits, and after it the word to those that missed something
// since: whatever is put from now on comes after.
func (in *inbox) take(spare []delivery) []delivery {
	in.mu.Lock()
	defer in.mu.Unlock()
	batch := in.waiting
	for t := range in.missed {
		batch = append(batch, delivery{topic: t, live: true})
	}
	clear(in.missed)
	in.waiting, in.held = spare, 0
	return batch
}

// wake leaves a token for whoever waits on c, of capacity 1.
func wake(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
