package redis_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	driver "github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"parley/internal/servers"
	"parley/presence"
	"parley/presence/redis"
)

// behind joins a node whose network is the test's, and one whose is not, to an
// empty space.
func behind(t *testing.T) (a, b *redis.Registry, net *network, client driver.UniversalClient) {
	client = servers.Dial(t, shared.Addr)
	servers.Flush(t, client)
	net = newNetwork()
	faulty := servers.Dial(t, shared.Addr)
	faulty.AddHook(net)
	a, b = join(t, faulty, node("a"), long), join(t, client, node("b"), long)
	require.Empty(t, reap(t, a), "and Redis knows the script")
	return a, b, net, client
}

// die leaves rooms of a node whose lease has run out.
func die(t *testing.T, client driver.UniversalClient, alive ...*redis.Registry) (left []presence.Entry) {
	dead := join(t, client, node("dead"), long)
	for room := range int64(40) {
		require.NoError(t, dead.Enter(t.Context(), room, ann()))
		left = append(left, at(room, "dead", ann()))
	}
	pass(t, client, alive...)
	return left
}

// pass lets leases run out but for those of who is alive.
func pass(t *testing.T, client driver.UniversalClient, alive ...*redis.Registry) {
	advance(t, client, 2*long)
	for _, r := range alive {
		_, err := r.Renew(t.Context())
		require.NoError(t, err)
	}
}

func renew(t *testing.T, r *redis.Registry) (lapsed bool) {
	t.Helper()
	lapsed, err := r.Renew(t.Context())
	require.NoError(t, err)
	return lapsed
}

func reap(t *testing.T, r *redis.Registry) []presence.Entry {
	t.Helper()
	entries, err := r.Reap(t.Context())
	require.NoError(t, err)
	return entries
}

func TestReapedIsGivenAgainIfTheAnswerIsLost(t *testing.T) {
	a, b, net, client := behind(t)
	left := die(t, client, a, b)
	net.fault.Store(losesAnswer)
	got, err := a.Reap(t.Context())
	require.ErrorIs(t, err, errNetwork)
	require.Empty(t, got)
	require.Empty(t, reap(t, b), "they are a's")
	net.fault.Store(repeats)
	require.Equal(t, left, reap(t, a))
	require.Empty(t, reap(t, a))
	require.Empty(t, reap(t, b))
}

// TestReapedByTheDead is a node that dies while it reaps: nobody can know
// whether it has told of them, and so nobody does.
func TestReapedByTheDead(t *testing.T) {
	a, b, net, client := behind(t)
	die(t, client, a, b)
	require.NoError(t, a.Enter(t.Context(), 7, bob()))
	net.fault.Store(losesAnswer)
	_, err := a.Reap(t.Context())
	require.ErrorIs(t, err, errNetwork)
	require.NotEmpty(t, client.Keys(t.Context(), "*:held:a").Val(), "they were removed")
	pass(t, client, b)
	require.Equal(t, []presence.Entry{at(7, "a", bob())}, reap(t, b), "what it had itself")
	require.Empty(t, reap(t, b))
	for _, key := range keys(t, client) {
		require.NotContains(t, key, ":held:")
	}
}

func TestLapseIsReportedAlthoughTheAnswerIsLost(t *testing.T) {
	for _, reaped := range []bool{false, true} {
		a, b, net, client := behind(t)
		require.NoError(t, a.Enter(t.Context(), 7, ann()))
		pass(t, client, b)
		if reaped {
			require.Len(t, reap(t, b), 1)
		}
		net.fault.Store(losesAnswer)
		_, err := a.Renew(t.Context())
		require.ErrorIs(t, err, errNetwork)
		net.fault.Store(none)
		require.True(t, renew(t, a), "reaped: %v", reaped)
		require.NoError(t, a.Enter(t.Context(), 7, ann()))
		require.False(t, renew(t, a), "reaped: %v", reaped)
		online(t, b, 7, at(7, "a", ann()))
	}
}

// TestLateWriteIsRefused is a command that Redis finds after the client has
// given up and gone on.
func TestLateWriteIsRefused(t *testing.T) {
	a, b, net, _ := behind(t)
	require.NoError(t, a.Enter(t.Context(), 7, ann()))
	net.fault.Store(delays)
	require.ErrorIs(t, a.Enter(t.Context(), 7, bob()), errNetwork)
	require.ErrorIs(t, a.Leave(t.Context(), 7, ann().ID), errNetwork)
	net.fault.Store(none)
	require.NoError(t, a.Leave(t.Context(), 7, bob().ID))
	for range 2 {
		require.ErrorContains(t, (<-net.late)(), "SUPERSEDED")
	}
	online(t, b, 7, at(7, "a", ann()))
	require.False(t, renew(t, a), "nothing that was answered is lost")
}

func TestWritesThatArriveTwice(t *testing.T) {
	a, b, net, client := behind(t)
	net.fault.Store(repeats)
	for range 5 {
		require.NoError(t, a.Enter(t.Context(), 7, ann()))
		require.NoError(t, a.Enter(t.Context(), 7, bob()))
		online(t, b, 7, at(7, "a", ann()), at(7, "a", bob()))
		require.NoError(t, a.Leave(t.Context(), 7, ann().ID))
		require.NoError(t, a.Leave(t.Context(), 7, bob().ID))
		online(t, b, 7)
		require.False(t, renew(t, a))
	}
	for _, key := range keys(t, client) {
		require.NotContains(t, key, ":rooms:", "no room is in the index")
	}
}

// TestReplicaThatWasBehind is a failover that takes back what was answered.
func TestReplicaThatWasBehind(t *testing.T) {
	a, b, _, client := behind(t)
	require.NoError(t, a.Enter(t.Context(), 7, ann()))
	require.NoError(t, a.Enter(t.Context(), 7, bob()))
	require.NoError(t, b.Enter(t.Context(), 7, user(9)))
	before := make(map[string]string)
	for _, key := range keys(t, client) {
		before[key] = client.Dump(t.Context(), key).Val()
	}
	require.NoError(t, a.Leave(t.Context(), 7, bob().ID))
	require.NoError(t, a.Enter(t.Context(), 7, user(3)))
	servers.Flush(t, client)
	for key, value := range before {
		require.NoError(t, client.Restore(t.Context(), key, time.Hour, value).Err())
	}
	online(t, b, 7, at(7, "a", ann()), at(7, "a", bob()), at(7, "b", user(9)))

	require.NoError(t, a.Enter(t.Context(), 7, user(4)), "before it knows")
	require.False(t, renew(t, b), "of b nothing is lost")
	require.True(t, renew(t, a))
	online(t, b, 7, at(7, "b", user(9)))
	for _, u := range []presence.User{ann(), user(3), user(4)} {
		require.NoError(t, a.Enter(t.Context(), 7, u))
	}
	require.False(t, renew(t, a))
	online(t, b, 7, at(7, "a", ann()), at(7, "a", user(3)), at(7, "a", user(4)), at(7, "b", user(9)))
	alive, err := a.Nodes(t.Context())
	require.NoError(t, err)
	require.Equal(t, []presence.Node{node("a"), node("b")}, alive)
}

// TestOnePartitionIsLost is a cluster of whose masters one comes back empty.
func TestOnePartitionIsLost(t *testing.T) {
	a, b, _, client := behind(t)
	for room := range int64(16) {
		require.NoError(t, a.Enter(t.Context(), room, ann()))
	}
	for _, key := range keys(t, client) {
		if strings.HasPrefix(key, "parley:presence:{3}") {
			require.NoError(t, client.Del(t.Context(), key).Err())
		}
	}
	alive, err := b.Nodes(t.Context())
	require.NoError(t, err)
	require.Equal(t, []presence.Node{node("a"), node("b")}, alive, "elsewhere they are")
	require.True(t, renew(t, a))
	require.True(t, renew(t, b))
	for room := range int64(16) {
		require.NoError(t, a.Enter(t.Context(), room, ann()))
		online(t, b, room, at(room, "a", ann()))
	}
	require.False(t, renew(t, a))
}

// TestLossUnderLoad has writes under way at all times: what is lost is noticed
// once, not over and over.
func TestLossUnderLoad(t *testing.T) {
	a, b, _, client := behind(t)
	for room := range int64(16) {
		require.NoError(t, a.Enter(t.Context(), room, ann()))
	}
	stop := make(chan struct{})
	var all sync.WaitGroup
	defer all.Wait()
	end := sync.OnceFunc(func() { close(stop) })
	defer end()
	for id := range int64(8) {
		all.Go(func() {
			for {
				for room := range int64(16) {
					if err := a.Enter(t.Context(), room, user(id+1)); err != nil {
						t.Errorf("enter: %v", err)
					}
				}
				select {
				case <-stop:
					return
				default:
				}
			}
		})
	}
	for range 20 {
		servers.Flush(t, client)
		require.True(t, renew(t, a))
		require.False(t, renew(t, a))
	}
	end()
	all.Wait()
	renew(t, b)
	for room := range int64(16) {
		for id := range int64(8) {
			require.NoError(t, a.Enter(t.Context(), room, user(id+1)))
		}
		seen, err := b.Online(t.Context(), room)
		require.NoError(t, err)
		require.Len(t, seen, 8)
	}
	require.Empty(t, reap(t, b))
}
