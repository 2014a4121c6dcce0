package redis_test

import (
	"log/slog"
	"sync"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"parley/cluster"
	"parley/cluster/clustertest"
	"parley/cluster/redis"
	"parley/internal/servers"
)

// patience is how long anything may take on a slow machine.
const patience = 60 * time.Second

// meter counts what a bus reports.
type meter struct {
	mu           sync.Mutex
	published    int
	pipelines    int
	received     int
	resubscribed int
	canaries     int
	dropped      map[string]int
}

func (m *meter) Published(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.published += n
	m.pipelines++
}

func (m *meter) Received() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.received++
}

func (m *meter) Dropped(reason string, n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.dropped == nil {
		m.dropped = map[string]int{}
	}
	m.dropped[reason] += n
}

func (m *meter) RoundTrip(time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.canaries++
}

func (m *meter) Resubscribed(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.resubscribed += n
}

// read looks at the counts.
func (m *meter) read(look func(*meter) int) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return look(m)
}

func oneClient(t testing.TB, s *servers.RedisServer) goredis.UniversalClient {
	return closing(t, goredis.NewClient(&goredis.Options{Addr: s.Addr, DialerRetries: 1}))
}

func clusterClient(t testing.TB, c *servers.RedisCluster) goredis.UniversalClient {
	var addrs []string
	for _, n := range c.Nodes {
		addrs = append(addrs, n.Addr)
	}
	return closing(t, goredis.NewClusterClient(&goredis.ClusterOptions{Addrs: addrs, DialerRetries: 1}))
}

func sentinelClient(t testing.TB, s *servers.RedisSentinel) goredis.UniversalClient {
	var addrs []string
	for _, n := range s.Sentinels {
		addrs = append(addrs, n.Addr)
	}
	return closing(t, goredis.NewFailoverClient(&goredis.FailoverOptions{MasterName: "parley", SentinelAddrs: addrs, DialerRetries: 1}))
}

func closing(t testing.TB, c goredis.UniversalClient) goredis.UniversalClient {
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// start makes a bus, and does not wait for it to carry.
func start(t testing.TB, cfg redis.Config) *redis.Bus {
	t.Helper()
	if testing.Verbose() {
		cfg.Logger = slog.New(slog.NewTextHandler(t.Output(), nil))
	}
	bus, err := redis.New(cfg)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, bus.Close()) })
	return bus
}

// up waits until buses are healthy.
func up(t testing.TB, buses ...*redis.Bus) {
	t.Helper()
	for _, bus := range buses {
		require.Eventually(t, func() bool { return bus.Ping(t.Context()) == nil }, patience, 5*time.Millisecond, "the bus carries")
	}
}

func TestBusKeepsTheContract(t *testing.T) {
	for name, client := range map[string]func(testing.TB) goredis.UniversalClient{
		"one server": func(t testing.TB) goredis.UniversalClient { return oneClient(t, share.one) },
		"cluster":    func(t testing.TB) goredis.UniversalClient { return clusterClient(t, share.cluster) },
	} {
		t.Run(name, func(t *testing.T) {
			clustertest.Run(t, func(t *testing.T) (a, b cluster.Bus) {
				cfg := redis.Config{Client: client(t), Prefix: t.Name() + ":"} // a medium of its own
				one, other := start(t, cfg), start(t, cfg)
				up(t, one, other)
				return one, other
			})
		})
	}
}
