package servers_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/servers"
)

func TestRedisClusterMovesAndFailsOver(t *testing.T) {
	c := servers.StartRedisCluster(t, 3, 1)
	first := c.Master("key")
	do(t, first, "SET", "key", "value")

	other := c.Nodes[0]
	if other == first {
		other = c.Nodes[1]
	}
	c.MoveSlot("key", other)
	require.Same(t, other, c.Master("key"))
	require.Equal(t, "value", do(t, other, "GET", "key"))

	c.FailOver("key")
	second := c.Master("key")
	require.NotSame(t, other, second)

	second.Kill()
	c.AwaitOther("key", second)
	require.Same(t, other, c.Master("key"), "the former master is its replica")
	second.Start()
	require.Same(t, other, c.Master("key"), "who comes back is a replica")
}

func TestRedisSentinelFailsOver(t *testing.T) {
	s := servers.StartRedisSentinel(t, 1, 3)
	first := s.Master()
	require.Same(t, s.Servers[0], first)
	first.Kill()
	s.AwaitOther(first)
	first.Start()
	require.Same(t, s.Servers[1], s.Master())
}
