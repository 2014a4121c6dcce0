package servers

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// slots is how many a Redis Cluster divides its keys and channels into.
const slots = 16384

// RedisCluster is a Redis Cluster. Its nodes may be stopped, killed, paused and
// started as any other server; one that comes back keeps its place and not its
// data.
type RedisCluster struct {
	Nodes []*RedisServer // the first masters, then the replicas of each in turn

	tb TB
}

// StartRedisCluster starts masters, and for each so many replicas. A master that
// is silent for a second is failed over, where it has a replica. Options are as
// Redis's.
func StartRedisCluster(tb TB, masters, replicasEach int, options ...string) *RedisCluster {
	tb.Helper()
	c := &RedisCluster{tb: tb}
	for range masters * (1 + replicasEach) {
		c.Nodes = append(c.Nodes, redisServer(tb, func(port, bus int) []string {
			return append([]string{
				"--cluster-enabled", "yes", "--cluster-node-timeout", "1000",
				"--cluster-port", strconv.Itoa(bus), "--cluster-announce-bus-port", strconv.Itoa(bus),
				"--cluster-announce-ip", "127.0.0.1", "--cluster-announce-port", strconv.Itoa(port),
			}, options...)
		}))
	}
	c.join(masters)
	for i, replica := range c.Nodes[masters:] {
		replica.do("CLUSTER", "REPLICATE", c.Nodes[i/replicasEach].do("CLUSTER", "MYID"))
	}
	c.await("the cluster is ready", func() bool { return c.ready(masters, replicasEach) })
	return c
}

// URL is where a client of the cluster connects to.
func (c *RedisCluster) URL() string {
	var addrs []string
	for _, n := range c.Nodes {
		addrs = append(addrs, n.Addr)
	}
	return "redis+cluster://" + strings.Join(addrs, ",")
}

// Master is the server that holds a key's or channel's slot, as the servers
// that run see it.
func (c *RedisCluster) Master(key string) *RedisServer {
	c.tb.Helper()
	var holder *RedisServer
	c.await("somebody holds the slot of "+key, func() bool {
		holder = c.holder(key)
		return holder != nil
	})
	return holder
}

// FailOver has a replica of the key's master take over, in good order, and waits
// until all servers that run know.
func (c *RedisCluster) FailOver(key string) {
	c.tb.Helper()
	old := c.Master(key)
	id := old.do("CLUSTER", "MYID")
	for _, n := range c.Nodes {
		if n.answers() && strings.Contains(n.do("CLUSTER", "NODES"), "myself,slave "+id) {
			n.do("CLUSTER", "FAILOVER")
			break
		}
	}
	c.AwaitOther(key, old)
}

// AwaitOther waits until another server than old holds the key's slot, for
// instance after old was killed.
func (c *RedisCluster) AwaitOther(key string, old *RedisServer) {
	c.tb.Helper()
	c.await("the slot of "+key+" fails over", func() bool {
		holder := c.holder(key)
		return holder != nil && holder != old
	})
}

// MoveSlot gives a key's slot, with the keys in it, to another master.
func (c *RedisCluster) MoveSlot(key string, to *RedisServer) {
	c.tb.Helper()
	from := c.Master(key)
	slot := from.do("CLUSTER", "KEYSLOT", key)
	source, target := from.do("CLUSTER", "MYID"), to.do("CLUSTER", "MYID")
	to.do("CLUSTER", "SETSLOT", slot, "IMPORTING", source)
	from.do("CLUSTER", "SETSLOT", slot, "MIGRATING", target)
	for from.do("CLUSTER", "COUNTKEYSINSLOT", slot) != "0" {
		for name := range strings.FieldsSeq(strings.Trim(from.do("CLUSTER", "GETKEYSINSLOT", slot, 100), "[]")) {
			from.do("MIGRATE", "127.0.0.1", to.port, name, 0, 10_000)
		}
	}
	to.do("CLUSTER", "SETSLOT", slot, "NODE", target)
	from.do("CLUSTER", "SETSLOT", slot, "NODE", target)
	c.await("all know who has slot "+slot, func() bool { return c.holder(key) == to })
}

// join makes one cluster of the nodes, the slots divided among the masters.
func (c *RedisCluster) join(masters int) {
	for i, n := range c.Nodes {
		if i < masters {
			n.do("CLUSTER", "ADDSLOTSRANGE", i*slots/masters, (i+1)*slots/masters-1)
		}
		if i > 0 {
			port, bus := strconv.Itoa(n.port), strconv.Itoa(n.second)
			c.Nodes[0].do("CLUSTER", "MEET", "127.0.0.1", port, bus)
		}
	}
	known := fmt.Sprintf("cluster_known_nodes:%d\r", len(c.Nodes))
	c.await("the nodes know each other", func() bool {
		return c.all(func(n *RedisServer) bool { return strings.Contains(n.do("CLUSTER", "INFO"), known) })
	})
}

func (c *RedisCluster) ready(masters, replicasEach int) bool {
	return c.all(func(n *RedisServer) bool {
		return strings.Contains(n.do("CLUSTER", "INFO"), "cluster_state:ok") &&
			strings.Count(n.do("CLUSTER", "NODES"), "slave ") == masters*replicasEach &&
			!strings.Contains(n.do("INFO", "replication"), "master_link_status:down")
	})
}

func (c *RedisCluster) all(is func(*RedisServer) bool) bool {
	for _, n := range c.Nodes {
		if !is(n) {
			return false
		}
	}
	return true
}

// holder is the key's master where all servers that run agree, else nil.
func (c *RedisCluster) holder(key string) *RedisServer {
	var agreed string
	for _, n := range c.Nodes {
		if !n.answers() {
			continue
		}
		addr := n.holder(key)
		if addr == "" || (agreed != "" && addr != agreed) {
			return nil
		}
		agreed = addr
	}
	for _, n := range c.Nodes {
		if n.Addr == agreed && n.answers() {
			return n
		}
	}
	return nil
}

// holder is who has the key's slot in this server's opinion.
func (s *RedisServer) holder(key string) string {
	client := redisClient(s.Addr)
	defer func() { _ = client.Close() }()
	slot, err := client.ClusterKeySlot(context.Background(), key).Result()
	if err != nil {
		return ""
	}
	ranges, err := client.ClusterSlots(context.Background()).Result() //nolint:staticcheck // SA1019: it names the master first, and Redis keeps it
	if err != nil {
		return ""
	}
	for _, r := range ranges {
		if holds(r, slot) && len(r.Nodes) > 0 {
			return r.Nodes[0].Addr
		}
	}
	return ""
}

func holds(r redis.ClusterSlot, slot int64) bool {
	return int64(r.Start) <= slot && slot <= int64(r.End)
}

func (c *RedisCluster) await(what string, is func() bool) {
	c.tb.Helper()
	await(c.tb, what, is)
}

// await polls until it is so, and fails the test where it never is.
func await(tb TB, what string, is func() bool) {
	tb.Helper()
	for end := time.Now().Add(startPatience); !is(); time.Sleep(pollEvery) {
		if time.Now().After(end) {
			tb.Fatalf("servers: not within %s: %s", startPatience, what)
		}
	}
}
