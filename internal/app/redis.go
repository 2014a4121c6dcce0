package app

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"time"

	goredis "github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"parley/configs"
)

// How long Redis may take. On the way of a user's request everything has a
// shorter limit of its own; these end what would hang.
const (
	redisDial = 2 * time.Second
	redisRead = 2 * time.Second
	redisPool = 3 * time.Second // a connection of the pool's

	// redisReload is how old the client's view of a cluster may be: until then it
	// asks a master that has died.
	redisReload = time.Second
)

// redisClient makes the client that all back ends on Redis share. It connects
// when it is first used: Redis may be away.
func redisClient(rawURL string, log *slog.Logger) (goredis.UniversalClient, error) {
	u, err := configs.ParseRedisURL(rawURL)
	if err != nil {
		return nil, fmt.Errorf("app: cluster.redis_url: %w", err)
	}
	goredis.SetLogger(redisLog{log}) // the library's one log, of the whole process
	o := &goredis.UniversalOptions{
		Addrs: u.Addrs, Username: u.Username, Password: u.Password, DB: u.Database,
		MasterName: u.Master, SentinelUsername: u.SentinelUsername, SentinelPassword: u.SentinelPassword,
		IsClusterMode: u.Mode == configs.RedisCluster,
		DialTimeout:   redisDial, ReadTimeout: redisRead, WriteTimeout: redisRead, PoolTimeout: redisPool,
		ContextTimeoutEnabled: true, DialerRetries: 1, ClientName: "parley", DisableIdentity: true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}
	if u.TLS {
		host, _, err := net.SplitHostPort(u.Addrs[0])
		if err != nil {
			return nil, fmt.Errorf("app: cluster.redis_url: %w", err)
		}
		o.TLSConfig = &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
	}
	if u.Mode == configs.RedisCluster {
		c := o.Cluster()
		c.ClusterStateReloadInterval = redisReload
		return goredis.NewClusterClient(c), nil
	}
	return goredis.NewUniversalClient(o), nil
}

// redisLog takes what the library says of its connections: the bus and the leases
// tell what it comes to.
type redisLog struct{ log *slog.Logger }

// Printf implements the library's logger.
func (l redisLog) Printf(ctx context.Context, format string, args ...any) {
	l.log.DebugContext(ctx, fmt.Sprintf("redis: "+format, args...))
}
