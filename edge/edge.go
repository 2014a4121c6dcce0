package edge

import (
	"context"
	"sync"
	"sync/atomic"
)

// Edge is a set of shards and the handshakes that feed them. New starts it;
// Drain and Stop end it.
type Edge struct {
	// static after construction
	cfg    Config
	gate   Gate
	shards []*Shard

	start string // of requests for a WebSocket

	addresses addresses
	asking    asking
	listening atomic.Bool // shards accept
	draining  atomic.Bool
	admitting sync.RWMutex  // held for reading by handshakes under way
	empty     chan struct{} // capacity 1: a shard lost its last socket
	streams   sync.WaitGroup
}

// New starts the shards' goroutines. The gate decides on every handshake.
func New(cfg Config, gate Gate) (*Edge, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	e := &Edge{cfg: cfg.withDefaults(), gate: gate, empty: make(chan struct{}, 1)}
	e.start = "GET " + e.cfg.Path
	e.addresses.most = e.cfg.PerAddress
	for id := range e.cfg.Shards {
		s, err := newShard(e, id)
		if err != nil {
			for _, s := range e.shards {
				s.poll.close()
			}
			return nil, err
		}
		e.shards = append(e.shards, s)
	}
	for _, s := range e.shards {
		go s.run()
	}
	return e, nil
}

// Shards lists the shards. The slice must not be changed.
func (e *Edge) Shards() []*Shard { return e.shards }

// Drain refuses new handshakes (503) and waits for those under way.
func (e *Edge) Drain() {
	e.draining.Store(true)
	e.admitting.Lock()
	defer e.admitting.Unlock()
}

// Stop drains, waits until every socket is gone or ctx ends, then ends the
// shards' goroutines and waits for them. The caller closes the listener and the
// sockets first; those that are still there are given up.
func (e *Edge) Stop(ctx context.Context) error {
	e.Drain()
	err := e.awaitEmpty(ctx)
	for _, s := range e.shards {
		s.Post(func() { s.stopped = true })
	}
	for _, s := range e.shards {
		<-s.done
	}
	e.streams.Wait()
	return err
}

func (e *Edge) awaitEmpty(ctx context.Context) error {
	for {
		n := 0
		for _, s := range e.shards {
			n += s.connCount()
		}
		if n == 0 {
			return nil
		}
		select {
		case <-e.empty:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// connCount asks the shard, which answers between turns.
func (s *Shard) connCount() int {
	answer := make(chan int, 1)
	if !s.Post(func() { answer <- s.Sockets() }) {
		return 0
	}
	return <-answer
}

func (e *Edge) shardEmpty() {
	select {
	case e.empty <- struct{}{}:
	default:
	}
}
