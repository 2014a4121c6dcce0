package redis_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/servers"
)

const channels = "parley:bus:"

// held tells the streams of one master from the others.
func held(c *servers.RedisCluster, all []*stream, master *servers.RedisServer) (its, others []*stream) {
	for _, s := range all {
		if c.Master(channels+s.topic) == master {
			its = append(its, s)
		} else {
			others = append(others, s)
		}
	}
	return its, others
}

func TestClusterMastersFaults(t *testing.T) {
	for name, fault := range map[string]func(t *testing.T, c *servers.RedisCluster, s *stream, master *servers.RedisServer){
		"killed and failed over": func(_ *testing.T, c *servers.RedisCluster, s *stream, master *servers.RedisServer) {
			master.Kill()
			c.AwaitOther(channels+s.topic, master)
			master.Start()
		},
		"paused and failed over": func(_ *testing.T, c *servers.RedisCluster, s *stream, master *servers.RedisServer) {
			master.Pause()
			c.AwaitOther(channels+s.topic, master)
			master.Resume()
		},
		"failed over in good order": func(_ *testing.T, c *servers.RedisCluster, s *stream, _ *servers.RedisServer) {
			c.FailOver(channels + s.topic)
		},
		"subscriptions killed": func(t *testing.T, _ *servers.RedisCluster, _ *stream, master *servers.RedisServer) {
			command(t, master, "CLIENT", "KILL", "TYPE", "pubsub")
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := servers.StartRedisCluster(t, 3, 1, "--cluster-require-full-coverage", "no")
			from, to := start(t, quick(clusterClient(t, c), nil)), start(t, quick(clusterClient(t, c), nil))
			all, settle := streams(t, from, to, 12)
			up(t, from, to)
			master := c.Master(channels + all[0].topic)
			its, others := held(c, all, master)
			require.NotEmpty(t, others)
			before := tells(its)
			fault(t, c, all[0], master)
			toldAgain(t, before)
			settle()
			for _, s := range others {
				require.Equal(t, 1, s.told(), "%s is another master's", s.topic)
			}
		})
	}
}

// A slot that moves ends the subscriptions in it, and no others.
func TestClusterMovesASlot(t *testing.T) {
	c, m := servers.StartRedisCluster(t, 3, 0), &meter{}
	from, to := start(t, quick(clusterClient(t, c), m)), start(t, quick(clusterClient(t, c), nil))
	all, settle := streams(t, from, to, 12)
	up(t, from, to)
	for _, s := range all[:3] {
		old := c.Master(channels + s.topic)
		for _, n := range c.Nodes {
			if n == old {
				continue
			}
			before := s.told()
			c.MoveSlot(channels+s.topic, n)
			toldAgain(t, map[*stream]int{s: before})
			s.carries(t)
		}
	}
	settle()
	require.Zero(t, m.read(func(m *meter) int { return m.dropped["publish"] }), "payloads follow their slot")
	for _, s := range all[:3] {
		require.Equal(t, 3, s.told(), s.topic)
	}
	for _, s := range all[3:] {
		require.Equal(t, 1, s.told(), "the slot of %s stayed", s.topic)
	}
}

func TestClusterMayBeAwayAtTheStart(t *testing.T) {
	c := servers.StartRedisCluster(t, 3, 0)
	for _, n := range c.Nodes {
		n.Stop()
	}
	from, to := start(t, quick(clusterClient(t, c), nil)), start(t, quick(clusterClient(t, c), nil))
	require.Error(t, to.Ping(t.Context()))
	require.False(t, from.Post("room", nil), "it is not known to whom")
	told := make(chan struct{}, 1)
	to.Follow("room", func([]byte) {}, func() { told <- struct{}{} })
	for _, n := range c.Nodes {
		n.Start()
	}
	<-told
	_, settle := streams(t, from, to, 6)
	settle()
}
