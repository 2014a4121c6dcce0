package redis_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/servers"
	"parley/ledger/ledgertest"
	"parley/ledger/redis"
)

func addrs(c *servers.RedisCluster) (all []string) {
	for _, n := range c.Nodes {
		all = append(all, n.Addr)
	}
	return all
}

func TestClusterKeepsTheContract(t *testing.T) {
	cluster := servers.StartRedisCluster(t, 3, 0)
	ledgertest.Run(t, func(t *testing.T) ledgertest.Space { return space(t, addrs(cluster)...) })
}

// TestMasterFailsOver counts on while a master dies. No step is taken twice from
// the same version; of what was answered the replica may have missed the last.
func TestMasterFailsOver(t *testing.T) {
	cluster := servers.StartRedisCluster(t, 3, 1)
	l := redis.New(servers.Dial(t, addrs(cluster)...))
	count := func(steps int) (version int64) {
		for done := 0; done < steps; {
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			d, err := l.Load(ctx, "k")
			if err == nil {
				n, _ := strconv.Atoi(string(d.Value))
				if e, stored, err := l.Swap(ctx, "k", d.Version, strconv.AppendInt(nil, int64(n)+1, 10), time.Hour); err == nil && stored {
					require.Greater(t, e.Version, version)
					version = e.Version
					done++
				}
			}
			cancel()
			require.NoError(t, t.Context().Err())
		}
		return version
	}
	before := count(50)
	master := cluster.Master("parley:ledger:k")
	master.Kill()
	require.Greater(t, count(50), before)
	require.NotEqual(t, master, cluster.Master("parley:ledger:k"))
}
