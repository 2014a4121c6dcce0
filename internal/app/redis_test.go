package app

import (
	"log/slog"
	"testing"

	goredis "github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"parley/internal/servers"
)

func TestRedisClientFitsTheURL(t *testing.T) {
	single, err := redisClient("rediss://u:p@h:1/2", slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	defer func() { require.NoError(t, single.Close()) }()
	o := single.(*goredis.Client).Options()
	require.Equal(t, []string{"h:1", "u", "p", "h"}, []string{o.Addr, o.Username, o.Password, o.TLSConfig.ServerName})
	require.Equal(t, 2, o.DB)

	cluster, err := redisClient("redis+cluster://:p@h:1,i:2", slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	defer func() { require.NoError(t, cluster.Close()) }()
	require.Equal(t, []string{"h:1", "i:2"}, cluster.(*goredis.ClusterClient).Options().Addrs)

	lone, err := redisClient("redis+cluster://h:1", slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	defer func() { require.NoError(t, lone.Close()) }()
	require.IsType(t, &goredis.ClusterClient{}, lone, "one address of a cluster is enough")

	_, err = redisClient("redis://:secret@/", slog.New(slog.DiscardHandler))
	require.ErrorContains(t, err, "cluster.redis_url")
	require.NotContains(t, err.Error(), "secret")
}

func TestRedisClientReachesTheMasterThatSentinelsName(t *testing.T) {
	s := servers.StartRedisSentinel(t, 0, 1)
	client, err := redisClient(s.URL(), slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	defer func() { require.NoError(t, client.Close()) }()
	require.NoError(t, client.Set(t.Context(), "key", "value", 0).Err())
	got, err := s.Servers[0].Do("GET", "key")
	require.NoError(t, err)
	require.Equal(t, "value", got)
}
