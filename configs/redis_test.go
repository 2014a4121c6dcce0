package configs_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/configs"
)

func TestParseRedisURL(t *testing.T) {
	for s, want := range map[string]configs.RedisURL{
		"redis://h":                {Mode: configs.RedisSingle, Addrs: []string{"h:6379"}},
		"redis://u:p%40@h:1/2":     {Mode: configs.RedisSingle, Addrs: []string{"h:1"}, Username: "u", Password: "p@", Database: 2},
		"rediss://:p@[::1]:7/":     {Mode: configs.RedisSingle, TLS: true, Addrs: []string{"[::1]:7"}, Password: "p"},
		"redis+cluster://a:1,b:2":  {Mode: configs.RedisCluster, Addrs: []string{"a:1", "b:2"}},
		"rediss+cluster://:p@a,b/": {Mode: configs.RedisCluster, TLS: true, Addrs: []string{"a:6379", "b:6379"}, Password: "p"},
		"redis+sentinel://a:1,b:2/m?sentinel_username=s&sentinel_password=q": {
			Mode: configs.RedisSentinel, Addrs: []string{"a:1", "b:2"}, Master: "m", SentinelUsername: "s", SentinelPassword: "q",
		},
		"redis+sentinel://:p@a:1/m/3": {Mode: configs.RedisSentinel, Addrs: []string{"a:1"}, Master: "m", Password: "p", Database: 3},
	} {
		got, err := configs.ParseRedisURL(s)
		require.NoError(t, err, s)
		require.Equal(t, want, got, s)
	}
	for _, s := range []string{
		"", "h:6379", "http://h", "redis://", "redis://a:1,b:2", "redis://h:0", "redis://h:x", "redis://h/x", "redis://h/1/2", "redis://h?db=1",
		"redis+sentinel://a:1", "redis+sentinel://a:1/m/1/2", "redis+sentinel://a:1/m?x=1", "redis+cluster://a:1/1", "redis+cluster://a:1,",
		"redis+ring://a", "redis://h#f", "redis://%zz@h",
	} {
		_, err := configs.ParseRedisURL(s)
		require.ErrorContains(t, err, "want redis://HOST:PORT", s)
	}
}

func FuzzParseRedisURL(f *testing.F) {
	f.Add("redis+sentinel://u:p@a:1,b:2/m/3?sentinel_password=q")
	f.Fuzz(func(t *testing.T, s string) {
		if r, err := configs.ParseRedisURL(s); err == nil {
			require.NotEmpty(t, r.Addrs)
			require.GreaterOrEqual(t, r.Database, 0)
			require.Equal(t, r.Mode == configs.RedisSentinel, r.Master != "")
		}
	})
}
