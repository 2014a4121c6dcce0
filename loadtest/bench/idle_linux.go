package main

import (
	"context"

	"parley/loadtest/bench/swarm"
)

// rounds is how often all sockets are opened to measure handshakes: a thousand
// take a fraction of a second.
const rounds = 5

// handshakes opens all chat sockets, in several rounds, and leaves them open.
// The first round also tells what an idle socket costs.
func (b *bench) handshakes(ctx context.Context) (i idle, _ row, err error) {
	before, err := b.memory(ctx)
	if err != nil {
		return i, row{}, err
	}
	total := swarm.Result{Answer: swarm.NewLatency(), Delivery: swarm.NewLatency()}
	var spent usage
	for round := range rounds {
		r, cost, err := b.openChats(ctx)
		if err != nil {
			return i, row{}, err
		}
		spent = spent.plus(cost)
		total.Elapsed, total.Done = total.Elapsed+r.Elapsed, total.Done+r.Done
		total.Answer.Merge(r.Answer)
		if round == 0 {
			after, err := b.memory(ctx)
			if err != nil {
				return i, row{}, err
			}
			n := float64(b.o.sockets)
			i = idle{RSS: (after.rss - before.rss) / n, Heap: (after.heap - before.heap) / n, All: after.rss}
		}
		if round == rounds-1 {
			break
		}
		if err := b.swarm.Leave(ctx); err != nil {
			return i, row{}, err
		}
	}
	return i, newRow("handshakes", total, spent), nil
}

// openChats opens all chat sockets and returns when all that they were sent on
// the way has come: a round trip on each.
func (b *bench) openChats(ctx context.Context) (swarm.Result, usage, error) {
	before, err := b.usage()
	if err != nil {
		return swarm.Result{}, usage{}, err
	}
	r, err := b.swarm.Open(ctx, b.people.chatDials(), b.o.outstanding)
	if err != nil {
		return r, usage{}, err
	}
	after, err := b.usage()
	if err != nil {
		return r, usage{}, err
	}
	_, err = b.swarm.Each(ctx, swarm.Load{Frame: same(pingFrame()), Answers: 1, Outstanding: b.o.outstanding})
	return r, after.since(before), err
}

// memory is what the server holds, in bytes.
type memory struct{ rss, heap float64 }

// collections is how often the server is asked to collect its garbage: the
// reading itself makes some, and memory goes back to the system little by little.
const collections = 8

// memory is the least that the server is seen to hold.
func (b *bench) memory(ctx context.Context) (least memory, err error) {
	if b.server.admin == nil {
		return least, nil
	}
	for i := range collections {
		if err := b.server.admin.collect(ctx); err != nil {
			return least, err
		}
		m, err := b.holds(ctx)
		if err != nil {
			return least, err
		}
		if i == 0 {
			least = m
		}
		least = memory{rss: min(m.rss, least.rss), heap: min(m.heap, least.heap)}
	}
	return least, nil
}

func (b *bench) holds(ctx context.Context) (memory, error) {
	heap, err := b.server.admin.heap(ctx)
	if err != nil || b.server.proc == 0 {
		return memory{heap: float64(heap)}, err
	}
	rss, err := b.server.proc.rss()
	return memory{rss: float64(rss), heap: float64(heap)}, err
}
