package load

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/loadtest/calls"
	"parley/loadtest/measure"
)

func TestFaultsOfTheRelayAreNamed(t *testing.T) {
	const candidate = `"type":"ice_candidate"`
	node := startNode(t)
	for kind, m := range map[measure.FaultKind]*meddler{
		measure.Lost:      new(meddler).nth(1, candidate, lose),
		measure.Doubled:   new(meddler).nth(1, candidate, double),
		measure.Reordered: new(meddler).swap(1, candidate),
		measure.Forged:    new(meddler).nth(1, candidate, change("udp", "tcp")),
	} {
		t.Run(string(kind), func(t *testing.T) {
			got := call(t, m.start(t, node), calls.Config{
				Calls: 2, Signaling: true, Hold: 100 * time.Millisecond, Ping: 20 * time.Millisecond, Patience: 2 * time.Second,
			})
			require.Positive(t, got.Faults[kind].Count)
			require.Contains(t, got.Faults[kind].Examples[0], "ice_candidate, signal ")
			require.Len(t, got.Faults, 1, "and nothing else: %+v", got.Faults)
		})
	}
}

func TestCallsThatAreStoppedInAStepHaveNotFailed(t *testing.T) {
	load, err := calls.New(calls.Config{Calls: 1, Patience: time.Hour})
	require.NoError(t, err)
	tg, r := aim(t, new(meddler).without(`"type":"answer"`).start(t, startNode(t))), measure.New(time.Now())
	ctx, stop := context.WithCancel(within(t))
	ended := make(chan error, 1)
	go func() { ended <- load.Run(ctx, tg, r) }()
	require.Eventually(t, func() bool { return r.Snapshot().Stages[calls.StageJoin].Done() == 2 }, patience, 10*time.Millisecond)
	stop()
	require.NoError(t, <-ended)
	got := r.Snapshot()
	require.EqualValues(t, 1, got.Counters[calls.CountStopped])
	for stage, s := range got.Stages {
		require.Zero(t, s.Failed, "%s: %v", stage, s.Causes)
	}
}

// unreachable keeps all candidates to itself, those in descriptions too.
func unreachable() *meddler {
	return &meddler{meddles: func() meddle {
		return func(frame string) []string {
			if strings.Contains(frame, `"type":"ice_candidate"`) {
				return nil
			}
			return []string{strings.ReplaceAll(frame, "a=candidate:", "a=nothing:")}
		}
	}}
}

func TestCallsThatCannotConnectSayWhere(t *testing.T) {
	node := startNode(t)
	for cause, server := range map[string]*meddler{
		"negotiate: timeout": new(meddler).without(`"type":"answer"`),
		"ice: timeout":       unreachable(),
		"join: timeout":      new(meddler).without(`"type":"call_joined"`),
		"socket: timeout":    new(meddler).without(`"type"`),
	} {
		got := call(t, server.start(t, node), calls.Config{Calls: 1, Patience: 700 * time.Millisecond, Hold: time.Millisecond})
		require.Contains(t, got.Stages[calls.StageCall].Causes, cause)
		require.Zero(t, got.Stages[calls.StageCall].Done())
	}
}
