package redis_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/servers"
	"parley/ledger"
	"parley/ledger/ledgertest"
	"parley/ledger/redis"
)

func TestRedisKeepsTheContract(t *testing.T) {
	ledgertest.Run(t, func(t *testing.T) ledgertest.Space { return space(t, shared.Addr) })
}

// TestDocumentsEndByThemselves waits for it in earnest.
func TestDocumentsEndByThemselves(t *testing.T) {
	l := redis.New(servers.Dial(t, shared.Addr))
	_, stored, err := l.Swap(t.Context(), "ends", 0, []byte("v"), 50*time.Millisecond)
	require.NoError(t, err)
	require.True(t, stored)
	require.Eventually(t, func() bool {
		d, err := l.Load(t.Context(), "ends")
		return err == nil && d.Version == 0
	}, 20*time.Second, 5*time.Millisecond)
}

// TestRemovedDocumentOutlivesAClockThatGoesBack is a Redis whose clock is behind
// that of the one before it, for documents that are there and for removed ones.
func TestRemovedDocumentOutlivesAClockThatGoesBack(t *testing.T) {
	client := servers.Dial(t, shared.Addr)
	l := redis.New(client)
	const ahead = int64(5e15) // in a century
	_, _, err := l.Swap(t.Context(), "k", 0, []byte("v"), time.Minute)
	require.NoError(t, err)
	require.NoError(t, client.HSet(t.Context(), "parley:ledger:k", "version", ahead).Err())
	_, stored, err := l.Swap(t.Context(), "k", ahead, nil, time.Minute)
	require.NoError(t, err)
	require.True(t, stored)
	d, stored, err := l.Swap(t.Context(), "k", 0, []byte("w"), time.Minute)
	require.NoError(t, err)
	require.True(t, stored)
	require.Equal(t, ledger.Document{Version: ahead + 2, Value: []byte("w")}, d)
	require.Greater(t, client.PTTL(t.Context(), "parley:ledger:k").Val(), 50*time.Second)
}

// TestOneCommandEach counts what Redis is told.
func TestOneCommandEach(t *testing.T) {
	client := servers.Dial(t, shared.Addr)
	l := redis.New(client)
	d, _, err := l.Swap(t.Context(), "k1", 0, []byte("v"), time.Minute)
	require.NoError(t, err)
	require.NoError(t, client.ConfigResetStat(t.Context()).Err())
	for range 10 {
		d, _, err = l.Swap(t.Context(), "k1", d.Version, []byte("v"), time.Minute)
		require.NoError(t, err)
		_, err = l.Load(t.Context(), "none")
		require.NoError(t, err)
	}
	_, err = l.LoadAll(t.Context(), []string{"k1", "k2", "k3"})
	require.NoError(t, err)
	require.Equal(t, 10, commands(t, "evalsha"))
	require.Equal(t, 10+10+3, commands(t, "hmget"), "the script's own, Load's, LoadAll's")
	require.Zero(t, commands(t, "eval"))
}
