package load

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/configs"
	"parley/loadtest/calls"
	"parley/loadtest/measure"
	"parley/loadtest/target"
)

// call runs a load of calls to its end.
func call(t *testing.T, url string, cfg calls.Config) measure.Snapshot {
	t.Helper()
	load, err := calls.New(cfg)
	require.NoError(t, err)
	r := measure.New(time.Now())
	require.NoError(t, load.Run(within(t), aim(t, url), r))
	got := r.Snapshot()
	for name, v := range got.Gauges {
		require.Zero(t, v, "%s at the end", name)
	}
	return got
}

// requireDone fails unless each stage succeeded so often and never failed.
func requireDone(t *testing.T, got measure.Snapshot, want map[string]int64) {
	t.Helper()
	for stage, n := range want {
		require.Equal(t, n, got.Stages[stage].Done(), "%s: %+v", stage, got.Stages[stage].Causes)
		require.Empty(t, got.Stages[stage].Causes, stage)
	}
}

func TestPairsCallEachOther(t *testing.T) {
	t.Parallel()
	got := call(t, startNode(t), calls.Config{
		Calls: 6, Concurrency: 3, Hold: 600 * time.Millisecond, Ping: 100 * time.Millisecond, Media: true,
		Glare: 0.5, Restarts: 0.5, Cuts: 0.5, Trickle: 10 * time.Millisecond,
	})
	requireDone(t, got, map[string]int64{
		target.StageSignIn: 6, target.StageRoom: 3,
		calls.StageSocket: 12, calls.StageJoin: 12, calls.StageNegotiate: 6, calls.StageICE: 6, calls.StageDTLS: 6,
		calls.StageConnect: 6, calls.StageData: 36, calls.StageRTP: 12, calls.StageRestart: 3, calls.StageResume: 3,
		calls.StageLeave: 12, calls.StageCall: 6,
	})
	require.EqualValues(t, 3, got.Counters[calls.CountResumed])
	require.EqualValues(t, 6, got.Counters["candidates.host-host"]+got.Counters["candidates.host-prflx"]+
		got.Counters["candidates.prflx-host"]+got.Counters["candidates.prflx-prflx"])
	require.Positive(t, got.Counters[calls.CountPackets])
	require.Empty(t, got.Faults)
}

func TestMeshesConnectEachToEach(t *testing.T) {
	t.Parallel()
	got := call(t, startNode(t), calls.Config{Calls: 2, Size: 4, Hold: time.Millisecond})
	requireDone(t, got, map[string]int64{
		calls.StageSocket: 8, calls.StageConnect: 12, calls.StageData: 12, calls.StageLeave: 8, calls.StageCall: 2,
	})
}

func TestSignalsAreReplayedWithoutMedia(t *testing.T) {
	t.Parallel()
	got := call(t, startNode(t), calls.Config{
		Calls: 4, Size: 3, Signaling: true, Hold: 200 * time.Millisecond, Ping: 50 * time.Millisecond,
		Cuts: 0.5, Trickle: time.Millisecond,
	})
	requireDone(t, got, map[string]int64{
		calls.StageSocket: 12, calls.StageNegotiate: 12, calls.StageRelay: 12 * (10 + 2*4), calls.StageResume: 2,
		calls.StageLeave: 12, calls.StageCall: 4,
	})
	require.Zero(t, got.Stages[calls.StageICE])
	require.Empty(t, got.Faults)
}

// One pair is wanted every 10 ms and each takes at least 100 ms: who comes last has
// waited for all of the others.
func TestWaitingForARoomCounts(t *testing.T) {
	got := call(t, startNode(t), calls.Config{
		Calls: 5, Rate: 100, Concurrency: 1, Signaling: true, Hold: 100 * time.Millisecond,
	})
	require.GreaterOrEqual(t, got.Stages[calls.StageCall].Latency.Max().Duration(), 350*time.Millisecond)
	require.GreaterOrEqual(t, got.Stages[calls.StageSocket].Latency.Max().Duration(), 350*time.Millisecond)
	require.Less(t, got.Stages[calls.StageJoin].Latency.Quantile(0.5).Duration(), 100*time.Millisecond)
}

func TestCallsBeginForATime(t *testing.T) {
	got := call(t, startNode(t), calls.Config{
		Duration: 400 * time.Millisecond, Rate: 50, Concurrency: 2, Signaling: true, Hold: 300 * time.Millisecond,
	})
	done := got.Stages[calls.StageCall].Done()
	require.Positive(t, done)
	require.EqualValues(t, 20, done+got.Counters[calls.CountUnbegun], "what was due and did not begin is told")

	got = call(t, startNode(t), calls.Config{
		Duration: 300 * time.Millisecond, Concurrency: 2, Signaling: true, Hold: 10 * time.Millisecond,
	})
	require.Greater(t, got.Stages[calls.StageCall].Done(), int64(2), "without a rate a call follows the other")
	require.Zero(t, got.Counters[calls.CountUnbegun])
}

func TestStoppedCallsLeaveInGoodOrder(t *testing.T) {
	t.Parallel()
	for name, signaling := range map[string]bool{"peers": false, "signals": true} {
		t.Run(name, func(t *testing.T) {
			load, err := calls.New(calls.Config{Calls: 24, Rate: 20, Hold: time.Hour, Media: !signaling, Signaling: signaling})
			require.NoError(t, err)
			tg, r := aim(t, startNode(t)), measure.New(time.Now())
			ctx, stop := context.WithCancel(within(t))
			ended := make(chan error, 1)
			go func() { ended <- load.Run(ctx, tg, r) }()
			require.Eventually(t, func() bool {
				return r.Snapshot().Stages[calls.StageData].Done()+r.Snapshot().Stages[calls.StageRelay].Done() > 30
			},
				patience, 10*time.Millisecond)
			stop()
			require.NoError(t, <-ended)
			got := r.Snapshot()
			require.Positive(t, got.Stages[calls.StageCall].Done(), "who was connected has called")
			for stage, s := range got.Stages {
				require.Zero(t, s.Failed, "%s: %v", stage, s.Causes)
			}
			require.GreaterOrEqual(t, got.Stages[calls.StageLeave].Done(), 2*got.Stages[calls.StageCall].Done())
			require.Zero(t, got.Gauges["sockets"])
		})
	}
}

func TestFailuresAreToldByStageAndCause(t *testing.T) {
	small := startNode(t, func(c *configs.Config) { c.Calls.MaxParticipants = 2 })
	got := call(t, small, calls.Config{Calls: 1, Size: 3, Hold: time.Millisecond})
	require.EqualValues(t, 1, got.Stages[calls.StageJoin].Causes["room_full"].Count)
	require.EqualValues(t, 1, got.Stages[calls.StageCall].Causes["join: room_full"].Count)
	require.EqualValues(t, 2, got.Stages[calls.StageLeave].Done(), "the others leave")

	got = call(t, small, calls.Config{Calls: 1, RelayOnly: true, Patience: 500 * time.Millisecond})
	require.Contains(t, got.Stages[calls.StageCall].Causes, "ice: timeout", "there is no relay")
	require.EqualValues(t, 1, got.Stages[calls.StageNegotiate].Done())

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	load, err := calls.New(calls.Config{Calls: 1})
	require.NoError(t, err)
	require.Error(t, load.Run(ctx, aim(t, small), measure.New(time.Now())))

	tokens := filepath.Join(t.TempDir(), "tokens")
	users, err := aim(t, small).Users(within(t), 1, measure.New(time.Now()))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(tokens, []byte(users[0].Token), 0o600))
	few, err := target.New(within(t), target.Config{URLs: []string{small}, Tokens: tokens})
	require.NoError(t, err)
	defer few.Close()
	require.ErrorContains(t, load.Run(within(t), few, measure.New(time.Now())), "there are 1")
}

func TestOptionsThatMakeNoSense(t *testing.T) {
	for want, cfg := range map[string]calls.Config{
		"a number of calls":    {},
		"at least 2 peers":     {Calls: 1, Size: 1},
		"must not be negative": {Calls: 1, Hold: -1},
		"a share of glare":     {Calls: 1, Glare: 1.1},
		"signaling only":       {Calls: 1, Signaling: true, Media: true},
	} {
		_, err := calls.New(cfg)
		require.ErrorContains(t, err, want)
	}
	load, err := calls.New(calls.Config{Calls: 3, Concurrency: 9})
	require.NoError(t, err)
	require.Equal(t, 3, load.Config().Concurrency)
	for want, cfg := range map[int]calls.Config{
		100: {Calls: 100}, 50: {Duration: time.Second}, 8: {Calls: 8, Rate: 100},
		151: {Calls: 1000, Rate: 10}, 61: {Duration: time.Hour, Rate: 10, Hold: time.Second},
	} {
		load, err := calls.New(cfg)
		require.NoError(t, err)
		require.Equal(t, want, load.Config().Concurrency)
	}
}
