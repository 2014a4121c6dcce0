package servers

import (
	"context"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// Dial makes a client as a node has it: with several addresses of a Redis Cluster.
// It ends with the test.
func Dial(tb TB, addrs ...string) redis.UniversalClient {
	tb.Helper()
	options := &redis.UniversalOptions{
		Addrs: addrs, ContextTimeoutEnabled: true, Protocol: 2, DisableIdentity: true,
		DialTimeout: time.Second, DialerRetries: 1, MaxRetryBackoff: 50 * time.Millisecond,
	}
	var client redis.UniversalClient = redis.NewClient(options.Simple())
	if len(addrs) > 1 {
		_ = client.Close()
		cluster := options.Cluster()
		cluster.ClusterStateReloadInterval = time.Second // else it asks a dead master for a minute
		client = redis.NewClusterClient(cluster)
	}
	tb.Cleanup(func() {
		if err := client.Close(); err != nil {
			tb.Fatalf("servers: close a client: %v", err)
		}
	})
	return client
}

// Masters calls do for each master that a client knows of, one after the other.
func Masters(tb TB, client redis.UniversalClient, do func(*redis.Client)) {
	tb.Helper()
	switch c := client.(type) {
	case *redis.ClusterClient:
		var mu sync.Mutex // it calls for all at once
		if err := c.ForEachMaster(context.Background(), func(_ context.Context, c *redis.Client) error {
			mu.Lock()
			defer mu.Unlock()
			do(c)
			return nil
		}); err != nil {
			tb.Fatalf("servers: masters: %v", err)
		}
	case *redis.Client:
		do(c)
	default:
		tb.Fatalf("servers: client: %T", client)
	}
}

// Flush empties all masters.
func Flush(tb TB, client redis.UniversalClient) {
	tb.Helper()
	Masters(tb, client, func(c *redis.Client) {
		if err := c.FlushAll(context.Background()).Err(); err != nil {
			tb.Fatalf("servers: flush: %v", err)
		}
	})
}
