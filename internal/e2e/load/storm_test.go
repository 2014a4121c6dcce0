package load

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/loadtest/measure"
	"parley/loadtest/storm"
)

func smallStorm() storm.Options {
	o := storm.Defaults()
	o.Sockets, o.Users, o.Calm, o.Patience = 60, 3, 50*time.Millisecond, 30*time.Second
	return o
}

// storming aims storms at a server.
func storming(t *testing.T, url string, o storm.Options) aimed {
	t.Helper()
	l, err := storm.New(o)
	require.NoError(t, err)
	return aimed{l, aim(t, url)}
}

func TestAllComeBackFromAStorm(t *testing.T) {
	t.Parallel()
	node := startNode(t)
	for name, spread := range map[string]time.Duration{"at once": 0, "spread": 200 * time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			o := smallStorm()
			o.Spread, o.Times = spread, 2
			got := alone(t, storming(t, node, o))
			require.EqualValues(t, 2*o.Sockets, got.Counters["cuts"])
			require.EqualValues(t, 2*o.Sockets, got.Counters["resumes"])
			require.Zero(t, got.Counters["afresh"])
			require.EqualValues(t, 2, got.Stages[storm.StageStorm].Done())
			require.EqualValues(t, o.Sockets, got.Stages["alive"].Done())
			require.GreaterOrEqual(t, got.Stages[storm.StageStorm].Latency.Max().Duration(), spread)
		})
	}
}

// A server that breaks its promises to those who come back, and what is said of it.
func TestStormNamesTheFaultsOfABrokenServer(t *testing.T) {
	t.Parallel()
	node := startNode(t)
	o := smallStorm()
	for name, c := range map[string]struct {
		server *meddler
		wait   time.Duration
		check  func(t *testing.T, got measure.Snapshot)
	}{
		"forgets sessions": {new(meddler).nth(1, `"resumed":true`, change(`"resumed":true`, `"resumed":false`)), o.Patience, func(t *testing.T, got measure.Snapshot) {
			t.Helper()
			require.EqualValues(t, o.Sockets, got.Counters["afresh"])
			require.Zero(t, got.Counters["resumes"])
			require.EqualValues(t, 1, got.Stages[storm.StageStorm].Done())
		}},
		"lets nobody back": {&meddler{refuse: func(uri string) bool { return strings.Contains(uri, "resume=") }}, time.Second, func(t *testing.T, got measure.Snapshot) {
			t.Helper()
			require.EqualValues(t, 1, got.Stages[storm.StageStorm].Causes["not all are back"].Count)
			require.GreaterOrEqual(t, got.Stages["return"].Causes["http 503"].Count, int64(o.Sockets))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := o
			o.Patience = c.wait
			c.check(t, alone(t, storming(t, c.server.start(t, node), o)))
		})
	}
}

func TestWhoDoesNotComeBackIsMissed(t *testing.T) {
	t.Parallel()
	o := smallStorm()
	o.Spread, o.Patience = time.Hour, 200*time.Millisecond
	got := alone(t, storming(t, startNode(t), o))
	require.Zero(t, got.Stages[storm.StageStorm].Done())
	require.Contains(t, got.Stages[storm.StageStorm].Causes, "not all are back")
	require.Contains(t, got.Stages[storm.StageStorm].Causes["not all are back"].Example, "of 60 are back after 200ms")
}
