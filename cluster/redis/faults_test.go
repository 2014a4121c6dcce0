package redis_test

import (
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"parley/cluster/redis"
	"parley/internal/servers"
)

// quick notices sooner that a wedged subscription carries again. Its patience is
// the default's: a test's machine may itself stand still for a while.
func quick(client goredis.UniversalClient, m redis.Meter) redis.Config {
	return redis.Config{
		Client: client, Prefix: "parley:bus:", Meter: m,
		CanaryEvery: 100 * time.Millisecond, Timeout: time.Second,
	}
}

func command(t *testing.T, s *servers.RedisServer, args ...any) {
	t.Helper()
	_, err := s.Do(args...)
	require.NoError(t, err, "%q", args)
}

// toldAgain waits until live was called again on each of the streams.
func toldAgain(t *testing.T, before map[*stream]int) {
	t.Helper()
	for s, times := range before {
		require.Eventually(t, func() bool { return s.told() > times }, patience, 5*time.Millisecond, "live of %s", s.topic)
	}
}

func tells(all []*stream) map[*stream]int {
	told := make(map[*stream]int)
	for _, s := range all {
		told[s] = s.told()
	}
	return told
}

func TestOneServersFaults(t *testing.T) {
	for name, fault := range map[string]struct {
		do    func(*testing.T, *servers.RedisServer)
		quiet bool // the subscriptions are not concerned
	}{
		"killed":               {do: func(_ *testing.T, s *servers.RedisServer) { s.Kill(); s.Start() }},
		"stopped":              {do: func(_ *testing.T, s *servers.RedisServer) { s.Stop(); s.Start() }},
		"subscriptions killed": {do: func(t *testing.T, s *servers.RedisServer) { command(t, s, "CLIENT", "KILL", "TYPE", "pubsub") }},
		"publishers killed":    {quiet: true, do: func(t *testing.T, s *servers.RedisServer) { command(t, s, "CLIENT", "KILL", "TYPE", "normal") }},
	} {
		t.Run(name, func(t *testing.T) {
			s := servers.Redis(t)
			m := &meter{}
			from, to := start(t, quick(oneClient(t, s), nil)), start(t, quick(oneClient(t, s), m))
			all, settle := streams(t, from, to, 8)
			for range 3 {
				before := tells(all)
				fault.do(t, s)
				if !fault.quiet {
					toldAgain(t, before)
				}
				up(t, from, to)
				for _, s := range all {
					s.carries(t)
				}
			}
			settle()
			if fault.quiet {
				for _, s := range all {
					require.Equal(t, 1, s.told())
				}
			} else {
				require.GreaterOrEqual(t, m.read(func(m *meter) int { return m.resubscribed }), 3*len(all))
			}
		})
	}
}

// A server that is paused answers nobody, and its connections stay.
func TestWedgedSubscriptionIsMadeAnew(t *testing.T) {
	s := servers.Redis(t)
	from, to := start(t, quick(oneClient(t, s), nil)), start(t, quick(oneClient(t, s), nil))
	all, settle := streams(t, from, to, 4)
	up(t, to)
	before := tells(all)
	s.Pause()
	require.Eventually(t, func() bool { return !to.Up() }, patience, 5*time.Millisecond, "the canary is missed")
	require.Error(t, to.Ping(t.Context()))
	s.Resume()
	toldAgain(t, before)
	up(t, from, to)
	settle()
}

func TestRedisMayBeAwayAtTheStart(t *testing.T) {
	s := servers.Redis(t)
	s.Stop()
	from, to := start(t, quick(oneClient(t, s), nil)), start(t, quick(oneClient(t, s), nil))
	require.Error(t, to.Ping(t.Context()))
	told := make(chan struct{}, 1)
	to.Follow("room", func([]byte) {}, func() { told <- struct{}{} })
	s.Start()
	<-told
	_, settle := streams(t, from, to, 2)
	settle()
}

func TestSentinelFailsOver(t *testing.T) {
	s := servers.StartRedisSentinel(t, 1, 3)
	from, to := start(t, quick(sentinelClient(t, s), nil)), start(t, quick(sentinelClient(t, s), nil))
	all, settle := streams(t, from, to, 4)

	before := tells(all)
	s.FailOver()
	toldAgain(t, before)
	for _, s := range all {
		s.carries(t)
	}

	old := s.Master()
	before = tells(all)
	old.Kill()
	s.AwaitOther(old)
	toldAgain(t, before)
	settle()
}
