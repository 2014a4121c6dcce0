package redis_test

import (
	"context"
	"testing"
	"time"

	driver "github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"parley/internal/servers"
	"parley/presence"
	"parley/presence/redis"
)

// soon is how long a call may take that cannot succeed.
const soon = 200 * time.Millisecond

// endless is a client that gives up by its context only.
func endless(t *testing.T, addr string) driver.UniversalClient {
	client := driver.NewClient(&driver.Options{
		Addr: addr, ContextTimeoutEnabled: true, Protocol: 2, DisableIdentity: true,
		DialTimeout: time.Hour, ReadTimeout: time.Hour, WriteTimeout: time.Hour, PoolTimeout: time.Hour,
	})
	t.Cleanup(func() { require.NoError(t, client.Close()) })
	return client
}

// calls makes each call but Close within a context of its own.
func calls(t *testing.T, r *redis.Registry) map[string]error {
	within := func(call func(ctx context.Context) error) error {
		ctx, cancel := context.WithTimeout(t.Context(), soon)
		defer cancel()
		return call(ctx)
	}
	return map[string]error{
		"Enter": within(func(ctx context.Context) error { return r.Enter(ctx, 7, bob()) }),
		"Leave": within(func(ctx context.Context) error { return r.Leave(ctx, 7, ann().ID) }),
		"Online": within(func(ctx context.Context) error {
			_, err := r.Online(ctx, 7)
			return err
		}),
		"Nodes": within(func(ctx context.Context) error {
			_, err := r.Nodes(ctx)
			return err
		}),
		"Renew": within(func(ctx context.Context) error {
			_, err := r.Renew(ctx)
			return err
		}),
		"Reap": within(func(ctx context.Context) error {
			_, err := r.Reap(ctx)
			return err
		}),
		"Ping": within(r.Ping),
	}
}

// heals waits until a node has renewed again, and returns whether it had lapsed.
func heals(t *testing.T, r *redis.Registry) (lapsed bool) {
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		l, err := r.Renew(ctx)
		require.NoError(c, err)
		lapsed = lapsed || l
	}, time.Minute, 10*time.Millisecond, "Redis is back")
	return lapsed
}

func TestRedisStandsStill(t *testing.T) {
	server := servers.Redis(t)
	a, b := join(t, endless(t, server.Addr), node("a"), long), join(t, endless(t, server.Addr), node("b"), long)
	require.NoError(t, a.Enter(t.Context(), 7, ann()))
	for range 2 {
		server.Pause()
		for name, err := range calls(t, a) {
			require.ErrorIs(t, err, context.DeadlineExceeded, "%s while Redis stands still", name)
		}
		server.Resume()
		require.False(t, heals(t, a), "it was for less than a lease")
		// What failed may have taken effect, but not later than what follows.
		require.NoError(t, a.Enter(t.Context(), 7, ann()))
		require.NoError(t, a.Leave(t.Context(), 7, bob().ID))
		online(t, b, 7, at(7, "a", ann()))
	}
}

// TestRedisRestarts loses scripts and data, or the scripts only.
func TestRedisRestarts(t *testing.T) {
	for name, c := range map[string]struct {
		options []string
		empty   bool
	}{
		"empty":         {empty: true},
		"with its data": {options: []string{"--appendonly", "yes", "--appendfsync", "always"}},
	} {
		t.Run(name, func(t *testing.T) {
			server := servers.Redis(t, c.options...)
			client := servers.Dial(t, server.Addr)
			a, b := join(t, client, node("a"), long), join(t, client, node("b"), long)
			require.NoError(t, a.Enter(t.Context(), 7, ann()))
			server.Kill()
			for name, err := range calls(t, a) {
				require.Error(t, err, "%s while there is no Redis", name)
			}
			server.Start()
			require.Equal(t, c.empty, heals(t, a))
			require.Equal(t, c.empty, heals(t, b))
			if c.empty {
				require.NoError(t, a.Enter(t.Context(), 7, ann()))
			}
			require.NoError(t, a.Leave(t.Context(), 7, bob().ID)) // who may have been entered
			online(t, b, 7, at(7, "a", ann()))
			require.Empty(t, reap(t, b))
			require.NoError(t, a.Close(t.Context()))
			online(t, b, 7)
		})
	}
}

// TestCloseWithoutRedis ends with its context, and leaves the rest to the lease.
func TestCloseWithoutRedis(t *testing.T) {
	server := servers.Redis(t)
	client := endless(t, server.Addr)
	a, b := join(t, client, node("a"), long), join(t, client, node("b"), long)
	require.NoError(t, a.Enter(t.Context(), 7, ann()))
	server.Pause()
	ctx, cancel := context.WithTimeout(t.Context(), soon)
	defer cancel()
	require.ErrorIs(t, a.Close(ctx), context.DeadlineExceeded)
	require.ErrorIs(t, a.Enter(t.Context(), 7, ann()), presence.ErrClosed)
	require.NoError(t, a.Close(t.Context()))
	server.Resume()
	require.False(t, heals(t, b))
	advance(t, client, 2*long)
	require.True(t, renew(t, b))
	left := reap(t, b)
	require.LessOrEqual(t, len(left), 1, "closing may have been carried out")
	online(t, b, 7)
}
