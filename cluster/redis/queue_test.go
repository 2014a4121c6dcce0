package redis_test

import (
	"context"
	"fmt"
	"testing"

	goredis "github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"parley/cluster/redis"
	"parley/internal/servers"
)

func TestNewWantsAClientThatItKnows(t *testing.T) {
	_, err := redis.New(redis.Config{})
	require.ErrorContains(t, err, "no client")
	ring := goredis.NewRing(&goredis.RingOptions{})
	defer func() { _ = ring.Close() }()
	_, err = redis.New(redis.Config{Client: ring})
	require.ErrorContains(t, err, "Ring")
}

// What does not fit is refused and counted; what waits is carried in order and
// in few pipelines.
func TestQueueIsBoundedAndLeavesInBatches(t *testing.T) {
	s := servers.Redis(t)
	m := &meter{}
	cfg := redis.Config{Client: oneClient(t, s), Meter: m, QueuePayloads: 1000, BatchPayloads: 100}
	bus := start(t, cfg)
	up(t, bus)
	got := make(chan string, 2000)
	cancel, err := bus.Subscribe(t.Context(), "room", func(p []byte) { got <- string(p) })
	require.NoError(t, err)
	t.Cleanup(cancel)

	s.Pause()
	pipelines := m.read(func(m *meter) int { return m.pipelines })
	taken := 0
	for bus.Post("room", fmt.Append(nil, taken)) {
		taken++
		require.Less(t, taken, 2000, "the queue must have an end")
	}
	require.GreaterOrEqual(t, taken, 900)
	require.Equal(t, 1, m.read(func(m *meter) int { return m.dropped["queue"] }))
	s.Resume()
	for i := range taken {
		require.Equal(t, fmt.Sprint(i), <-got)
	}
	require.Less(t, m.read(func(m *meter) int { return m.pipelines })-pipelines, 30)
}

func TestQueueIsBoundedByBytes(t *testing.T) {
	s := servers.Redis(t)
	bus := start(t, redis.Config{Client: oneClient(t, s), QueueBytes: 1000})
	require.False(t, bus.Post("room", make([]byte, 1001)))
	require.True(t, bus.Post("room", make([]byte, 500)))
}

func TestPublishReportsWhatWasLost(t *testing.T) {
	s := servers.Redis(t)
	m := &meter{}
	bus := start(t, redis.Config{Client: oneClient(t, s), Meter: m})
	up(t, bus)
	s.Stop()
	require.Error(t, bus.Publish(t.Context(), "room", nil))
	require.Positive(t, m.read(func(m *meter) int { return m.dropped["publish"] }))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := bus.Subscribe(ctx, "room", nil)
	require.ErrorIs(t, err, context.Canceled)
	s.Start()
	require.Eventually(t, func() bool { return bus.Publish(t.Context(), "room", nil) == nil }, patience, 1)
	up(t, bus)
}

// A handler that blocks against the contract stalls nothing for ever: what it
// could not take is dropped, and it is told.
func TestSlowHandlerIsTold(t *testing.T) {
	m := &meter{}
	bus := start(t, redis.Config{Client: oneClient(t, share.one), Prefix: t.Name(), Meter: m, InboxPayloads: 10})
	up(t, bus)
	began, release, live := make(chan struct{}, 100), make(chan struct{}), make(chan struct{}, 10)
	t.Cleanup(bus.Follow("room", func([]byte) { began <- struct{}{}; <-release }, func() { live <- struct{}{} }))
	<-live
	require.NoError(t, bus.Publish(t.Context(), "room", nil))
	<-began
	for range 20 {
		require.NoError(t, bus.Publish(t.Context(), "room", nil))
	}
	require.Eventually(t, func() bool { return m.read(func(m *meter) int { return m.dropped["inbox"] }) == 10 }, patience, 1)
	require.NoError(t, bus.Ping(t.Context()), "the canary does not wait for handlers")
	close(release)
	<-live
}
