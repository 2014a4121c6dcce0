package redis

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	driver "github.com/redis/go-redis/v9"

	"parley/presence"
)

const (
	// partitions is the same on all nodes. It bounds how many masters of a Redis
	// Cluster share the work; each costs a node one small script a renewal.
	partitions = 16
	// keepLeases is for how many leases Redis keeps what nobody renews: long
	// enough for renewals to come round to every room, some at a time.
	keepLeases = 240
)

// Config sets a Registry up.
type Config struct {
	Node  presence.Node
	Lease time.Duration // the same on all nodes; default 15 s
}

// Registry is a node's part in the presence that a Redis holds.
type Registry struct {
	// static
	client     driver.UniversalClient
	cfg        Config
	scripts    scripts
	partitions []*partition

	closed  atomic.Bool
	writers sync.WaitGroup // goroutines that send writes
	renews  turn
	reaps   turn
}

// New makes the registry of a node. It does not wait for Redis: the lease begins
// with the first Renew, which reports a lapse. The client stays the caller's, and
// must outlive the registry.
func New(client driver.UniversalClient, cfg Config) *Registry {
	if cfg.Lease == 0 {
		cfg.Lease = 15 * time.Second
	}
	r := &Registry{client: client, cfg: cfg, scripts: newScripts(), renews: newTurn(), reaps: newTurn()}
	for i := range partitions {
		// The hash tag puts all keys of the partition into one slot.
		key := fmt.Sprintf("parley:presence:{%d}", i)
		r.partitions = append(r.partitions, &partition{keys: []string{key, key + ":none"}, cursor: "0"})
	}
	return r
}

// of returns the partition that has a room.
func (r *Registry) of(room int64) *partition { return r.partitions[uint64(room)%partitions] }

// Ping implements presence.Registry: every partition answers.
func (r *Registry) Ping(ctx context.Context) error {
	if err := r.open(ctx); err != nil {
		return err
	}
	pipe := r.client.Pipeline()
	for _, p := range r.partitions {
		pipe.ZCard(ctx, p.keys[0])
	}
	_, err := pipe.Exec(ctx)
	return failure(ctx, err)
}

// Close implements presence.Registry. Writes that are under way end before.
func (r *Registry) Close(ctx context.Context) error {
	if r.closed.Swap(true) {
		return nil
	}
	for _, p := range r.partitions {
		p.close()
	}
	idle := make(chan struct{})
	go func() {
		defer close(idle)
		r.writers.Wait()
	}()
	select {
	case <-idle:
	case <-ctx.Done():
		return ctx.Err()
	}
	var errs []error
	for _, answer := range r.runAll(ctx, r.scripts.close, func(*partition) []any { return nil }) {
		errs = append(errs, answer.Err())
	}
	return failure(ctx, errs...)
}

// open reports what forbids a call.
func (r *Registry) open(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if r.closed.Load() {
		return presence.ErrClosed
	}
	return nil
}

// failure makes one error of those of a call: the first tells enough, but that
// the context has ended tells more than that a read has.
func failure(ctx context.Context, errs ...error) error {
	i := slices.IndexFunc(errs, func(err error) bool { return err != nil })
	if i < 0 {
		return nil
	}
	ended := ctx.Err()
	if deadline, ok := ctx.Deadline(); ok && !time.Now().Before(deadline) {
		ended = context.DeadlineExceeded // the context's own timer may be a moment late
	}
	if ended != nil {
		return fmt.Errorf("presence/redis: %w: %w", ended, errs[i])
	}
	return fmt.Errorf("presence/redis: %w", errs[i])
}

// turn is held by one caller at a time.
type turn chan struct{}

func newTurn() turn { return make(turn, 1) }

func (t turn) take(ctx context.Context) error {
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (t turn) give() { <-t }

var errAnswer = errors.New("presence/redis: an answer that no script gives")
