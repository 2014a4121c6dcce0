package redis_test

import (
	"strings"
	"testing"
	"time"

	driver "github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"parley/internal/servers"
	"parley/presence"
	"parley/presence/presencetest"
	"parley/presence/redis"
)

// shared is what tests use that leave their server alone.
var shared *servers.RedisServer

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(servers.Main(m, func(tb servers.TB) { shared = servers.Redis(tb) }))
}

// long is a lease that no test outlasts.
const long = time.Minute

// join opens the registry of one more node.
func join(t testing.TB, client driver.UniversalClient, n presence.Node, lease time.Duration) *redis.Registry {
	r := redis.New(client, redis.Config{Node: n, Lease: lease})
	lapsed, err := r.Renew(t.Context())
	require.NoError(t, err)
	require.True(t, lapsed, "the first lease")
	return r
}

func node(id string) presence.Node { return presence.Node{ID: id, Boot: id} }

// space is an empty Redis, whose leases time passes for by moving their ends.
func space(t *testing.T, lease time.Duration, addrs ...string) presencetest.Space {
	client := servers.Dial(t, addrs...)
	servers.Flush(t, client)
	return presencetest.Space{
		Lease:   lease,
		Join:    func(t *testing.T, n presence.Node) presence.Registry { return join(t, client, n, lease) },
		Advance: func(d time.Duration) { advance(t, client, d) },
		Lose:    func(t *testing.T) { servers.Flush(t, client) },
	}
}

// advance brings the end of all leases nearer.
func advance(t testing.TB, client driver.UniversalClient, d time.Duration) {
	for _, key := range keys(t, client) {
		if !strings.HasSuffix(key, "}") {
			continue
		}
		for _, boot := range client.ZRange(t.Context(), key, 0, -1).Val() {
			require.NoError(t, client.ZIncrBy(t.Context(), key, -float64(d.Milliseconds()), boot).Err())
		}
	}
}

// keys lists what all masters hold.
func keys(t testing.TB, client driver.UniversalClient) (all []string) {
	servers.Masters(t, client, func(c *driver.Client) {
		some, err := c.Keys(t.Context(), "*").Result()
		require.NoError(t, err)
		all = append(all, some...)
	})
	return all
}
