package app

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"parley/cluster"
	redisbus "parley/cluster/redis"
	"parley/fleet"
	ledgerredis "parley/ledger/redis"
	"parley/presence"
	presenceredis "parley/presence/redis"
)

// presenceLease is how long entries outlive a node that is gone, where it is alone:
// in one process none outlives the registry itself.
const presenceLease = 365 * 24 * time.Hour

// presenceGoodbye bounds how long a node that ends tries to say so, where Redis hangs:
// its lease runs out by itself.
const presenceGoodbye = 3 * time.Second

// joinCluster picks what joins the nodes: Redis, or within this process what makes
// a node that is alone.
func (a *App) joinCluster(context.Context) error {
	a.boot = a.node + "." + strings.ToLower(rand.Text()[:8])
	self := presence.Node{ID: a.node, Boot: a.boot}
	if a.cfg.Cluster.RedisURL == "" {
		a.bus = cluster.NewMemory().Bus()
		a.onStop("bus", func(context.Context) error { return a.bus.Close() })
		a.presence = presence.NewMemory(presenceLease, time.Now).Join(self)
		a.onStop("presence", a.presence.Close)
		return nil
	}
	return a.joinOverRedis(self)
}

// joinOverRedis joins the nodes that share a Redis. It does not wait for it.
func (a *App) joinOverRedis(self presence.Node) error {
	client, err := redisClient(a.cfg.Cluster.RedisURL, a.log)
	if err != nil {
		return err
	}
	a.onStop("redis", func(context.Context) error { return client.Close() })
	bus, err := redisbus.New(redisbus.Config{Client: client, Meter: a.metrics.Cluster, Logger: a.log})
	if err != nil {
		return fmt.Errorf("app: cluster.redis_url: %w", err)
	}
	a.metrics.Cluster.Up(bus.Up)
	a.bus = bus
	a.onStop("bus", func(context.Context) error { return bus.Close() })
	a.ledger = ledgerredis.New(client)
	a.onStop("ledger", func(context.Context) error { return a.ledger.Close() })
	a.presence = presenceredis.New(client, presenceredis.Config{Node: self, Lease: a.cfg.Cluster.Lease})
	a.onStop("presence", func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, presenceGoodbye)
		defer cancel()
		return a.presence.Close(ctx)
	})
	a.fleet = fleet.New(fleet.Config{Boot: a.boot, Lease: a.cfg.Cluster.Lease, Logger: a.log}, a.presence, time.Now)
	a.onStop("fleet", func(context.Context) error { a.fleet.Stop(); return nil })
	return nil
}

// alone reports that there are no other nodes.
func (a *App) alone() bool { return a.fleet == nil }

// dead reports that a node, by boot, is known not to live.
func (a *App) dead(boot string) bool { return a.fleet != nil && a.fleet.Dead(boot) }
