package redis_test

import (
	"context"
	"errors"
	"net"
	"sync/atomic"
	"testing"
	"time"

	driver "github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"parley/internal/servers"
	"parley/ledger"
	"parley/ledger/redis"
)

// calls makes each call but Close within a context of its own that ends soon.
func calls(t *testing.T, l ledger.Ledger) map[string]error {
	within := func(call func(ctx context.Context) error) error {
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		defer cancel()
		return call(ctx)
	}
	return map[string]error{
		"Load": within(func(ctx context.Context) error {
			_, err := l.Load(ctx, "k")
			return err
		}),
		"LoadAll": within(func(ctx context.Context) error {
			_, err := l.LoadAll(ctx, []string{"k", "l"})
			return err
		}),
		"Swap": within(func(ctx context.Context) error {
			_, _, err := l.Swap(ctx, "k", 1, []byte("never"), time.Minute)
			return err
		}),
		"Ping": within(l.Ping),
	}
}

// heals waits until a ledger answers again.
func heals(t *testing.T, l ledger.Ledger) (d ledger.Document) {
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		var err error
		d, err = l.Load(ctx, "k")
		require.NoError(c, err)
	}, time.Minute, 10*time.Millisecond, "Redis is back")
	return d
}

func TestRedisStandsStill(t *testing.T) {
	server := servers.Redis(t)
	client := driver.NewClient(&driver.Options{ // one that gives up by its context only
		Addr: server.Addr, ContextTimeoutEnabled: true, Protocol: 2, DisableIdentity: true,
		DialTimeout: time.Hour, ReadTimeout: time.Hour, WriteTimeout: time.Hour, PoolTimeout: time.Hour,
	})
	t.Cleanup(func() { require.NoError(t, client.Close()) })
	l := redis.New(client)
	d, stored, err := l.Swap(t.Context(), "k", 0, []byte("v"), time.Minute)
	require.NoError(t, err)
	require.True(t, stored)
	for range 2 {
		server.Pause()
		for name, err := range calls(t, l) {
			require.ErrorIs(t, err, context.DeadlineExceeded, "%s while Redis stands still", name)
		}
		server.Resume()
		require.Equal(t, d, heals(t, l))
	}
}

// TestRedisRestarts loses the script and all documents.
func TestRedisRestarts(t *testing.T) {
	server := servers.Redis(t)
	l := redis.New(servers.Dial(t, server.Addr))
	d, _, err := l.Swap(t.Context(), "k", 0, []byte("v"), time.Minute)
	require.NoError(t, err)
	server.Kill()
	for name, err := range calls(t, l) {
		require.Error(t, err, "%s while there is no Redis", name)
	}
	server.Start()
	require.Zero(t, heals(t, l))
	again, stored, err := l.Swap(t.Context(), "k", 0, []byte("w"), time.Minute)
	require.NoError(t, err)
	require.True(t, stored)
	require.Greater(t, again.Version, d.Version)
}

// repeater is a hook that has each command arrive twice, as where a client
// sends it again because the answer was lost.
type repeater struct{ on atomic.Bool }

func (*repeater) DialHook(next driver.DialHook) driver.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) { return next(ctx, network, addr) }
}

func (r *repeater) ProcessHook(next driver.ProcessHook) driver.ProcessHook {
	return func(ctx context.Context, cmd driver.Cmder) error {
		if r.on.Load() {
			if err := next(ctx, cmd); err != nil && !errors.Is(err, driver.Nil) {
				return err
			}
		}
		return next(ctx, cmd)
	}
}

func (*repeater) ProcessPipelineHook(next driver.ProcessPipelineHook) driver.ProcessPipelineHook {
	return next
}

// TestSwapThatIsSentAgain must not take itself for another.
func TestSwapThatIsSentAgain(t *testing.T) {
	client := servers.Dial(t, shared.Addr)
	twice := &repeater{}
	client.AddHook(twice)
	l := redis.New(client)
	d, stored, err := l.Swap(t.Context(), "again", 0, []byte("v"), time.Minute)
	require.NoError(t, err)
	require.True(t, stored)
	twice.on.Store(true)
	e, stored, err := l.Swap(t.Context(), "again", d.Version, []byte("w"), time.Minute)
	require.NoError(t, err)
	require.True(t, stored)
	require.Equal(t, "w", string(e.Value))
	_, stored, err = l.Swap(t.Context(), "again", d.Version, []byte("x"), time.Minute)
	require.NoError(t, err)
	require.False(t, stored)
	loaded, err := l.Load(t.Context(), "again")
	require.NoError(t, err)
	require.Equal(t, e, loaded)
	_, stored, err = l.Swap(t.Context(), "again", e.Version, nil, time.Minute)
	require.NoError(t, err)
	require.True(t, stored, "removed")
}
