package redis_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/servers"
	"parley/presence"
	"parley/presence/presencetest"
	"parley/presence/redis"
)

func addrs(c *servers.RedisCluster) (all []string) {
	for _, n := range c.Nodes {
		all = append(all, n.Addr)
	}
	return all
}

// enters makes the call until it succeeds.
func enters(t *testing.T, r *redis.Registry, room int64, u presence.User) {
	require.Eventually(t, func() bool {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		return r.Enter(ctx, room, u) == nil
	}, time.Minute, 10*time.Millisecond, "room %d", room)
}

func TestClusterKeepsTheContract(t *testing.T) {
	cluster := servers.StartRedisCluster(t, 3, 0)
	presencetest.Run(t, func(t *testing.T) presencetest.Space { return space(t, long, addrs(cluster)...) })
}

// TestSlotMoves has a node enter rooms while their slot goes to another master.
func TestSlotMoves(t *testing.T) {
	cluster := servers.StartRedisCluster(t, 2, 0)
	client := servers.Dial(t, addrs(cluster)...)
	a, b := join(t, client, node("a"), long), join(t, client, node("b"), long)
	room := int64(0)
	for ; room < 16*500; room += 16 {
		require.NoError(t, a.Enter(t.Context(), room, ann()))
	}
	moved, entered := make(chan struct{}), make(chan int64)
	go func() {
		defer close(entered)
		for at := room; ; at += 16 {
			for a.Enter(context.WithoutCancel(t.Context()), at, ann()) != nil {
				continue // while it moves
			}
			select {
			case <-moved:
				entered <- at
				return
			default:
			}
		}
	}()
	from := cluster.Master(key(0))
	for _, to := range cluster.Nodes {
		if to != from {
			cluster.MoveSlot(key(0), to)
		}
	}
	close(moved)
	last := <-entered
	<-entered
	require.False(t, heals(t, a), "nothing is lost")
	for room := int64(0); room <= last; room += 16 {
		online(t, b, room, at(room, "a", ann()))
	}
}

// TestMasterFailsOver kills and pauses masters; replicas take over, and the
// others go on meanwhile.
func TestMasterFailsOver(t *testing.T) {
	cluster := servers.StartRedisCluster(t, 3, 1)
	client := servers.Dial(t, addrs(cluster)...)
	a, b := join(t, client, node("a"), long), join(t, client, node("b"), long)
	all := func() {
		for room := range int64(32) {
			enters(t, a, room, ann())
		}
	}
	all()
	roomOf := func(master *servers.RedisServer) (room int64) { // one of its rooms
		for cluster.Master(key(room)) != master {
			room++
			require.Less(t, room, int64(16), "each master has a partition")
		}
		return room
	}
	elsewhere := roomOf(cluster.Nodes[2])
	for i, fail := range []func(*servers.RedisServer){
		func(s *servers.RedisServer) { s.Kill() },
		func(s *servers.RedisServer) { s.Pause() },
	} {
		master := cluster.Nodes[i]
		affected := roomOf(master)
		fail(master)
		enters(t, a, elsewhere, bob())
		require.NoError(t, a.Leave(t.Context(), elsewhere, bob().ID))
		cluster.AwaitOther(key(affected), master)
		if heals(t, a) { // the replica was behind
			all()
		}
		heals(t, b)
		for room := range int64(32) {
			online(t, b, room, at(room, "a", ann()))
			enters(t, a, room, bob())
			require.NoError(t, a.Leave(t.Context(), room, bob().ID))
			online(t, b, room, at(room, "a", ann()))
		}
		require.Empty(t, reap(t, b))
	}
}

// key is a room's partition.
func key(room int64) string { return "parley:presence:{" + itoa(room%16) + "}" }

// TestSlotThatMovesIsRefused has a script's keys at two masters: it must not
// begin, as it could not end.
func TestSlotThatMovesIsRefused(t *testing.T) {
	cluster := servers.StartRedisCluster(t, 2, 0)
	a := join(t, servers.Dial(t, addrs(cluster)...), node("a"), long)
	from := cluster.Master(key(0))
	slot, err := from.Do("CLUSTER", "KEYSLOT", key(0))
	require.NoError(t, err)
	for _, to := range cluster.Nodes {
		if to != from {
			id, err := to.Do("CLUSTER", "MYID")
			require.NoError(t, err)
			_, err = from.Do("CLUSTER", "SETSLOT", slot, "MIGRATING", id)
			require.NoError(t, err)
		}
	}
	require.ErrorContains(t, a.Enter(t.Context(), 0, ann()), "TRYAGAIN")
	_, err = from.Do("CLUSTER", "SETSLOT", slot, "STABLE")
	require.NoError(t, err)
	require.NoError(t, a.Enter(t.Context(), 0, ann()))
}
