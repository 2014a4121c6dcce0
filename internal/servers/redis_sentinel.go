package servers

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"
)

// sentinelMaster is what the sentinels call the master.
const sentinelMaster = "parley"

// RedisSentinel is a master with replicas, and sentinels that fail it over when
// it is silent for a second.
type RedisSentinel struct {
	Servers   []*RedisServer // the first master, then the replicas
	Sentinels []*RedisServer

	tb TB
}

// StartRedisSentinel starts a master, replicas and sentinels, of which the
// greater half must agree. Options are as Redis's.
func StartRedisSentinel(tb TB, replicas, sentinels int, options ...string) *RedisSentinel {
	tb.Helper()
	s := &RedisSentinel{tb: tb, Servers: []*RedisServer{Redis(tb, options...)}}
	master := s.Servers[0]
	for range replicas {
		s.Servers = append(s.Servers, Redis(tb, append([]string{"--replicaof", "127.0.0.1 " + strconv.Itoa(master.port)}, options...)...))
	}
	await(tb, "the replicas follow", func() bool {
		return strings.Count(master.do("INFO", "replication"), "state=online") == replicas
	})
	for range sentinels {
		s.Sentinels = append(s.Sentinels, sentinel(tb, master.port, sentinels/2+1))
	}
	await(tb, "the sentinels know the replicas and each other", func() bool {
		return s.known(replicas, sentinels)
	})
	return s
}

// URL is where a client connects to.
func (s *RedisSentinel) URL() string {
	var addrs []string
	for _, n := range s.Sentinels {
		addrs = append(addrs, n.Addr)
	}
	return "redis+sentinel://" + strings.Join(addrs, ",") + "/" + sentinelMaster
}

// Master is the server that the sentinels take for the master.
func (s *RedisSentinel) Master() *RedisServer {
	s.tb.Helper()
	var agreed *RedisServer
	await(s.tb, "the sentinels agree on a master", func() bool {
		addr := ""
		for _, n := range s.Sentinels {
			told := n.sentinelMaster()
			if told == "" || (addr != "" && told != addr) {
				return false
			}
			addr = told
		}
		for _, n := range s.Servers {
			if n.Addr == addr {
				agreed = n
			}
		}
		return agreed != nil
	})
	return agreed
}

// FailOver has a replica take over, in good order, and waits until all sentinels
// say so and it takes writes.
func (s *RedisSentinel) FailOver() {
	s.tb.Helper()
	old := s.Master()
	s.Sentinels[0].do("SENTINEL", "FAILOVER", sentinelMaster)
	s.AwaitOther(old)
}

// AwaitOther waits until another server than old is the master, for instance
// after old was killed.
func (s *RedisSentinel) AwaitOther(old *RedisServer) {
	s.tb.Helper()
	await(s.tb, "a replica takes over", func() bool {
		now := s.Master()
		return now != old && now.answers() && strings.Contains(now.do("INFO", "replication"), "role:master")
	})
}

func (s *RedisSentinel) known(replicas, sentinels int) bool {
	for _, n := range s.Sentinels {
		info := n.do("INFO", "sentinel")
		if !strings.Contains(info, fmt.Sprintf("slaves=%d,sentinels=%d", replicas, sentinels)) {
			return false
		}
	}
	return true
}

func (s *RedisServer) sentinelMaster() string {
	client := redis.NewSentinelClient(&redis.Options{Addr: s.Addr, MaxRetries: -1, Protocol: 2, DisableIdentity: true})
	defer func() { _ = client.Close() }()
	addr, err := client.GetMasterAddrByName(context.Background(), sentinelMaster).Result()
	if err != nil || len(addr) != 2 {
		return ""
	}
	return net.JoinHostPort(addr[0], addr[1])
}

func sentinel(tb TB, master, quorum int) *RedisServer {
	tb.Helper()
	return redisProcess(tb, "redis-sentinel", func(dir string, port, _ int) []string {
		file := filepath.Join(dir, "sentinel.conf") // it writes what it learns into it
		text := fmt.Sprintf("port %d\nbind 127.0.0.1\ndir %s\nsentinel monitor %s 127.0.0.1 %d %d\n"+
			"sentinel down-after-milliseconds %s 1000\nsentinel failover-timeout %s 4000\n",
			port, dir, sentinelMaster, master, quorum, sentinelMaster, sentinelMaster)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			tb.Fatalf("servers: %v", err)
		}
		return []string{file}
	})
}
