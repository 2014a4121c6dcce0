package cluster

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/internal/servers"
)

// services are what the nodes share.
type services struct {
	redis    *servers.RedisCluster
	postgres *servers.PostgresServer
	killed   *servers.RedisServer // the master that is down
}

func startServices(t *testing.T) *services {
	t.Helper()
	return &services{redis: servers.StartRedisCluster(t, 3, 1), postgres: servers.Postgres(t, "fsync=on")}
}

// faults are what can befall the services.
func (s *services) faults() map[Kind]fault {
	return map[Kind]fault{
		MasterKilled: {
			begin: func(victim int) error {
				s.killed = s.redis.Master(slotOf(victim))
				s.killed.Kill()
				return nil
			},
			end: func(int) error { s.killed.Start(); return s.whole() },
		},
		MasterMoved: {begin: func(victim int) error { s.redis.FailOver(slotOf(victim)); return s.whole() }},
		RedisDown: {
			begin: s.each((*servers.RedisServer).Kill),
			end:   s.each((*servers.RedisServer).Start),
		},
		DatabaseKilled: {
			begin: func(int) error { s.postgres.Kill(); return nil },
			end:   func(int) error { s.postgres.Start(); return nil },
		},
		DatabaseStopped: {
			begin: func(int) error { s.postgres.Stop(); return nil },
			end:   func(int) error { s.postgres.Start(); return nil },
		},
	}
}

// slotOf is some key.
func slotOf(victim int) string { return fmt.Sprint("key", victim) }

// each does the same to all servers of Redis.
func (s *services) each(what func(*servers.RedisServer)) func(int) error {
	return func(int) error {
		for _, n := range s.redis.Nodes {
			what(n)
		}
		return s.whole()
	}
}

// whole waits until every server of Redis that runs has what its master has: before
// that, one that is lost takes data with it, as it may.
func (s *services) whole() error {
	var last string
	for deadline := time.Now().Add(startPatience); time.Now().Before(deadline); {
		if last = s.missing(); last == "" {
			return nil
		}
		<-time.After(50 * time.Millisecond)
	}
	return fmt.Errorf("Redis does not become whole: %s", last)
}

// missing tells what a server of Redis that runs lacks.
func (s *services) missing() string {
	for _, n := range s.redis.Nodes {
		if n.Pid() == 0 {
			continue
		}
		info, err := n.Do("CLUSTER", "INFO")
		if err != nil || !strings.Contains(info, "cluster_state:ok") {
			return fmt.Sprintf("%s: %v: %s", n.Addr, err, info)
		}
		if info, err = n.Do("INFO", "replication"); err != nil || strings.Contains(info, "master_link_status:down") {
			return fmt.Sprintf("%s: %v: %s", n.Addr, err, info)
		}
	}
	return ""
}
