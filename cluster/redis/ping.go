package redis

import (
	"context"
	"errors"

	goredis "github.com/redis/go-redis/v9"

	"parley/cluster"
)

// Ping implements cluster.Bus: every master carried a canary of this node's
// lately, and answers a PING now. It waits for ctx or Config.Timeout at most.
func (b *Bus) Ping(ctx context.Context) error {
	if b.ctx.Err() != nil {
		return cluster.ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := b.state(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, b.cfg.Timeout)
	defer cancel()
	var errs []error
	for _, client := range b.publishers() {
		errs = append(errs, client.Ping(ctx).Err())
	}
	return errors.Join(errs...)
}

func (b *Bus) publishers() (clients []*goredis.Client) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, l := range b.links {
		clients = append(clients, l.client)
	}
	return clients
}
