package redis_test

import (
	"strconv"
	"strings"
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

// space is an empty Redis, whose documents time passes for by moving their ends.
func space(t *testing.T, addrs ...string) ledgertest.Space {
	client := servers.Dial(t, addrs...)
	servers.Flush(t, client)
	return ledgertest.Space{
		Open:    func(*testing.T) ledger.Ledger { return redis.New(client) },
		Advance: func(d time.Duration) { advance(t, client, d) },
		Clock: func(t *testing.T) time.Time {
			var now time.Time
			servers.Masters(t, client, func(c *driver.Client) { now = c.Time(t.Context()).Val() })
			return now
		},
		Lose: func(t *testing.T) { servers.Flush(t, client) },
	}
}

// advance brings the end of all documents nearer.
func advance(t *testing.T, client driver.UniversalClient, d time.Duration) {
	servers.Masters(t, client, func(c *driver.Client) {
		for _, key := range c.Keys(t.Context(), "*").Val() {
			left := c.PTTL(t.Context(), key).Val()
			require.NotEqual(t, time.Duration(-1), left, "%q stays for good", key)
			require.NoError(t, c.PExpire(t.Context(), key, left-d).Err())
		}
	})
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
