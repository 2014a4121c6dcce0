package redis_test

import (
	"context"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/servers"
	"parley/presence"
	"parley/presence/redis"
)

// BenchmarkEnterLeave has many goroutines, as a node with many sockets that come and go.
func BenchmarkEnterLeave(b *testing.B) {
	for _, callers := range []int{1, 16, 256} {
		b.Run(strconv.Itoa(callers)+" callers", func(b *testing.B) {
			client := servers.Dial(b, shared.Addr)
			servers.Flush(b, client)
			r := join(b, client, node("a"), long)
			require.NoError(b, client.ConfigResetStat(b.Context()).Err())
			var next atomic.Int64
			b.SetParallelism(max(1, callers/2)) // of two processors
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					n := next.Add(1)
					if err := r.Enter(context.Background(), n%1000, user(n)); err != nil {
						b.Error(err)
					}
					if err := r.Leave(context.Background(), n%1000, n); err != nil {
						b.Error(err)
					}
				}
			})
			b.StopTimer()
			b.ReportMetric(float64(commands(b, "evalsha"))/float64(2*b.N), "commands/call")
			b.ReportMetric(float64(2*b.N)/b.Elapsed().Seconds(), "calls/s")
		})
	}
}

// BenchmarkOnline asks for a room with users by way of three nodes.
func BenchmarkOnline(b *testing.B) {
	for _, users := range []int64{10, 1000} {
		b.Run(strconv.FormatInt(users, 10)+" users", func(b *testing.B) {
			client := servers.Dial(b, shared.Addr)
			servers.Flush(b, client)
			var nodes []*redis.Registry
			for _, id := range []string{"a", "b", "c"} {
				nodes = append(nodes, join(b, client, presence.Node{ID: id, Boot: id + ".0a1b2c3d"}, long))
			}
			for id := range users {
				require.NoError(b, nodes[id%3].Enter(b.Context(), 7, user(id+1)))
			}
			b.ReportAllocs()
			for b.Loop() {
				online, err := nodes[0].Online(b.Context(), 7)
				require.NoError(b, err)
				require.Len(b, online, int(users))
			}
			require.NoError(b, client.ConfigResetStat(b.Context()).Err())
			_, err := nodes[0].Online(b.Context(), 7)
			require.NoError(b, err)
			b.ReportMetric(float64(microseconds(b, "evalsha")), "µs-in-redis")
		})
	}
}

// BenchmarkRenew is what each node does every quarter of a lease.
func BenchmarkRenew(b *testing.B) {
	client := servers.Dial(b, shared.Addr)
	servers.Flush(b, client)
	r := join(b, client, node("a"), long)
	for room := range int64(10_000) {
		require.NoError(b, r.Enter(b.Context(), room, ann()))
	}
	for b.Loop() {
		_, err := r.Renew(b.Context())
		require.NoError(b, err)
	}
}
