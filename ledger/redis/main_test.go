package redis_test

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	driver "github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"parley/internal/servers"
	"parley/ledger"
	"parley/ledger/ledgertest"
	"parley/ledger/redis"
)

// shared is what tests use that leave their server alone.
var shared *servers.RedisServer

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(servers.Main(m, func(tb servers.TB) { shared = servers.Redis(tb) }))
}

// dial makes a client as a node has it.
func dial(t testing.TB, addrs ...string) driver.UniversalClient {
	options := &driver.UniversalOptions{
		Addrs: addrs, ContextTimeoutEnabled: true, Protocol: 2, DisableIdentity: true,
		DialTimeout: time.Second, DialerRetries: 1, MaxRetryBackoff: 50 * time.Millisecond,
	}
	var client driver.UniversalClient = driver.NewClient(options.Simple())
	if len(addrs) > 1 {
		cluster := options.Cluster()
		cluster.ClusterStateReloadInterval = time.Second // else it asks a dead master for a minute
		client = driver.NewClusterClient(cluster)
	}
	t.Cleanup(func() { require.NoError(t, client.Close()) })
	return client
}

// space is an empty Redis, whose documents time passes for by moving their ends.
func space(t *testing.T, addrs ...string) ledgertest.Space {
	client := dial(t, addrs...)
	lose := func(t *testing.T) {
		masters(t, client, func(c *driver.Client) { require.NoError(t, c.FlushAll(t.Context()).Err()) })
	}
	lose(t)
	return ledgertest.Space{
		Open:    func(*testing.T) ledger.Ledger { return redis.New(client) },
		Advance: func(d time.Duration) { advance(t, client, d) },
		Clock: func(t *testing.T) time.Time {
			var now time.Time
			masters(t, client, func(c *driver.Client) { now = c.Time(t.Context()).Val() })
			return now
		},
		Lose: lose,
	}
}

// advance brings the end of all documents nearer.
func advance(t *testing.T, client driver.UniversalClient, d time.Duration) {
	masters(t, client, func(c *driver.Client) {
		for _, key := range c.Keys(t.Context(), "*").Val() {
			left := c.PTTL(t.Context(), key).Val()
			require.NotEqual(t, time.Duration(-1), left, "%q stays for good", key)
			require.NoError(t, c.PExpire(t.Context(), key, left-d).Err())
		}
	})
}

func masters(t testing.TB, client driver.UniversalClient, do func(*driver.Client)) {
	switch c := client.(type) {
	case *driver.ClusterClient:
		var mu sync.Mutex // it calls for all at once
		require.NoError(t, c.ForEachMaster(t.Context(), func(_ context.Context, c *driver.Client) error {
			mu.Lock()
			defer mu.Unlock()
			do(c)
			return nil
		}))
	case *driver.Client:
		do(c)
	default:
		t.Fatalf("client: %T", client)
	}
}

// commands is how often Redis has carried out a command since its statistics
// were reset.
func commands(t testing.TB, name string) int {
	info, err := shared.Do("INFO", "commandstats")
	require.NoError(t, err)
	_, after, ok := strings.Cut(info, "cmdstat_"+name+":calls=")
	if !ok {
		return 0
	}
	calls, _, _ := strings.Cut(after, ",")
	n, err := strconv.Atoi(calls)
	require.NoError(t, err)
	return n
}
