package redis_test

import (
	"testing"

	"go.uber.org/goleak"

	"parley/internal/servers"
)

// shared are servers that tests may use which break nothing.
type shared struct {
	one     *servers.RedisServer
	cluster *servers.RedisCluster
}

var share shared // set before the tests run, and never after

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(servers.Main(m, func(tb servers.TB) {
		share.one = servers.Redis(tb)
		share.cluster = servers.StartRedisCluster(tb, 3, 0)
	}))
}
