package load

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/configs"
	"parley/loadtest/idle"
	"parley/loadtest/measure"
	"parley/loadtest/target"
)

// beating gives a node a heartbeat that a test can wait for: two of them without a
// sign of the server are a fault.
func beating(c *configs.Config) { c.Edge.Heartbeat = 2 * time.Second }

// smallIdle are sockets that are held for two heartbeats and a half.
func smallIdle() idle.Options {
	o := idle.Defaults()
	o.Sockets, o.Users, o.Hold = 40, 3, 5*time.Second
	return o
}

// resting aims an idle load at a target.
func resting(t *testing.T, at *target.Target, o idle.Options) aimed {
	t.Helper()
	l, err := idle.New(o)
	require.NoError(t, err)
	return aimed{l, at}
}

func TestSocketsRest(t *testing.T) {
	t.Parallel()
	url, admin := startWatched(t, beating)
	loads := map[string]aimed{"behind a proxy": resting(t, aim(t, new(meddler).start(t, url), admin), smallIdle())}
	for name, change := range map[string]func(o *idle.Options){
		"in rooms":      func(*idle.Options) {},
		"multiplexed":   func(o *idle.Options) { o.Multiplexed = true },
		"plain sockets": func(o *idle.Options) { o.Plain = true },
		"at a rate":     func(o *idle.Options) { o.OpenRate = 200 },
	} {
		o := smallIdle()
		change(&o)
		loads[name] = resting(t, aim(t, url, admin), o)
	}
	for name, got := range together(t, loads) {
		t.Run(name, func(t *testing.T) {
			require.EqualValues(t, smallIdle().Sockets, got.Stages["connect"].Done())
			require.EqualValues(t, smallIdle().Sockets, got.Stages["alive"].Done())
			require.Zero(t, got.Stages["stay"].Failed)
			require.Zero(t, got.Counters["heartbeats_missed"])
			require.GreaterOrEqual(t, got.Counters["pings"], int64(smallIdle().Sockets))
			require.True(t, weighed(got), "%v", got.Warnings)
		})
	}
}

// A server that breaks its promises to sockets at rest, and what is said of it.
func TestIdleNamesTheFaultsOfABrokenServer(t *testing.T) {
	t.Parallel()
	sockets := int64(smallIdle().Sockets)
	type broken struct {
		server *meddler
		check  func(t *testing.T, got measure.Snapshot)
	}
	servers := map[string]broken{
		"does not ping": {&meddler{deaf: true}, func(t *testing.T, got measure.Snapshot) {
			t.Helper()
			require.Equal(t, sockets, got.Counters["heartbeats_missed"])
			require.Equal(t, sockets, got.Stages["alive"].Done(), "it answers, when it is asked")
		}},
		"does not answer": {new(meddler).without(`"type":"pong"`), func(t *testing.T, got measure.Snapshot) {
			t.Helper()
			require.Equal(t, sockets, got.Stages["alive"].Causes["timeout"].Count)
			require.Zero(t, got.Counters["heartbeats_missed"])
		}},
		"lets nobody in": {&meddler{refuse: func(string) bool { return true }}, func(t *testing.T, got measure.Snapshot) {
			t.Helper()
			require.GreaterOrEqual(t, got.Stages["connect"].Causes["http 503"].Count, sockets)
			require.Zero(t, got.Stages["connect"].Done())
		}},
		"does not welcome": {new(meddler).nth(1, `"type":"welcome"`, change("welcome", "hello")), func(t *testing.T, got measure.Snapshot) {
			t.Helper()
			require.GreaterOrEqual(t, got.Stages["connect"].Causes["no welcome"].Count, sockets)
			require.Zero(t, got.Stages["connect"].Done())
		}},
	}
	node, loads := startNode(t, beating), map[string]aimed{}
	for name, b := range servers {
		o := smallIdle()
		o.Patience = 2 * time.Second
		loads[name] = resting(t, aim(t, b.server.start(t, node)), o)
	}
	for name, got := range together(t, loads) {
		t.Run(name, func(t *testing.T) { servers[name].check(t, got) })
	}
}

// A node that cannot be asked to collect its garbage, or for its metrics, is no reason
// to stop: the load goes on without, and says so.
func TestIdleGoesOnWithoutWhatANodeDoesNotTell(t *testing.T) {
	t.Parallel()
	url, admin := startWatched(t, beating)
	o := smallIdle()
	o.Hold = time.Millisecond
	for name, c := range map[string]struct {
		hidden, warning string
		weighed         bool
	}{
		"no profiles":  {"/debug/pprof/", "includes garbage", true},
		"no metrics":   {"/metrics", "is not known", false},
		"all is there": {"/nothing", "", true},
	} {
		t.Run(name, func(t *testing.T) {
			got := alone(t, resting(t, aim(t, url, hide(t, admin, c.hidden)), o))
			require.EqualValues(t, o.Sockets, got.Stages["alive"].Done())
			require.Equal(t, c.weighed, weighed(got))
			if c.warning == "" {
				require.Empty(t, got.Warnings)
			} else {
				require.Len(t, got.Warnings, 1)
				require.Contains(t, got.Warnings[0], c.warning)
				require.Contains(t, got.Warnings[0], "404")
			}
		})
	}
}

// weighed reports whether it was found what a socket costs.
func weighed(got measure.Snapshot) bool {
	_, known := got.Gauges["server_heap_per_socket_bytes"]
	return known
}

func TestIdleThatIsStoppedReportsWhatWasDone(t *testing.T) {
	t.Parallel()
	o := smallIdle()
	o.Hold = time.Hour
	a, r := resting(t, aim(t, startNode(t)), o), measure.New(time.Now())
	ctx, stop := context.WithCancel(within(t))
	ended := make(chan error, 1)
	go func() { ended <- a.load.Run(ctx, a.at, r) }()
	require.Eventually(t, func() bool { return r.Snapshot().Gauges["sockets"] == int64(o.Sockets) }, patience, 10*time.Millisecond)
	stop()
	require.NoError(t, <-ended)
	require.EqualValues(t, o.Sockets, r.Snapshot().Stages["alive"].Done())
}
