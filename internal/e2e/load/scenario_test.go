package load

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/loadtest/measure"
	"parley/loadtest/scenario"
	"parley/loadtest/target"
)

func TestLoadsRunTogetherInTheirPhases(t *testing.T) {
	t.Parallel()
	s, err := scenario.Parse([]byte(`
loads:
  calls: {rate: 4, hold: 200ms, signaling_only: true}
  chat: {sockets: 12, rooms: 4, users: 6, rate: 40}
  idle: {sockets: 10, users: 2}
  storm: {sockets: 8, users: 2, calm: 100ms}
phases:
  - {duration: 1s, ramp: 500ms, weights: {chat: 0.5, idle: 1, calls: 1}}
  - {duration: 1500ms, weights: {chat: 1, idle: 1, storm: 1}}
`))
	require.NoError(t, err)
	got := runScenario(t.Context(), t, s, func(*measure.Recorder) {})
	require.Empty(t, got.Faults)
	for stage, done := range map[string]int64{
		"chat.room": 4, "chat.connect": 12, "idle.connect": 10, "idle.alive": 10, "storm": 1, "storm.return": 8,
		"calls": 3, "calls.socket": 6, // 4 a second, for a second of which half is ramp
	} {
		require.Equal(t, done, got.Stages[stage].Done(), "%s: %+v", stage, got.Stages[stage].Causes)
	}
	require.Positive(t, got.Stages["chat.deliver"].Done())
	require.GreaterOrEqual(t, got.Stages["signin"].Done(), int64(6), "users are made once, for all")
	for stage, s := range got.Stages {
		require.Zero(t, s.Failed, "%s: %+v", stage, s.Causes)
	}
	for _, gauge := range []string{"chat.sockets", "idle.sockets", "storm.sockets", "calls.sockets"} {
		require.Zero(t, got.Gauges[gauge], "%s at the end", gauge)
	}
}

func TestAStoppedScenarioEndsInGoodOrder(t *testing.T) {
	t.Parallel()
	s, err := scenario.Parse([]byte(`
loads: {chat: {sockets: 8, rooms: 2, users: 4, rate: 50}, idle: {sockets: 5}}
phases: [{duration: 1h, weights: {chat: 1}}, {duration: 1h, weights: {idle: 1}}]
`))
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	got := runScenario(ctx, t, s, func(r *measure.Recorder) {
		require.Eventually(t, func() bool { return r.Snapshot().Counters["chat.deliveries"] > 20 }, patience, 10*time.Millisecond)
		stop()
	})
	require.EqualValues(t, 8, got.Stages["chat.connect"].Done())
	require.Empty(t, got.Faults)
	require.Zero(t, got.Stages["idle.connect"].Done(), "its phase has not come")
	require.Zero(t, got.Gauges["chat.sockets"])
}

func TestALoadThatCannotRunEndsTheOthers(t *testing.T) {
	s, err := scenario.Parse([]byte("loads: {chat: , idle: }\nphases: [{duration: 1h, weights: {chat: 1, idle: 1}}]\n"))
	require.NoError(t, err)
	load, err := scenario.New(s, scenario.Share{}, nil)
	require.NoError(t, err)
	tg, err := target.New(t.Context(), target.Config{URLs: []string{"http://127.0.0.1:1"}})
	require.NoError(t, err)
	defer tg.Close()
	require.ErrorContains(t, load.Run(t.Context(), tg, measure.New(time.Now())), "refused")
}

// runScenario runs a scenario against a node of its own, while something else is done.
func runScenario(ctx context.Context, t *testing.T, s scenario.Scenario, meanwhile func(*measure.Recorder)) measure.Snapshot {
	t.Helper()
	load, err := scenario.New(s, scenario.Share{}, nil)
	require.NoError(t, err)
	tg := aim(t, startNode(t))
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	r := measure.New(time.Now())
	ended := make(chan error, 1)
	go func() { ended <- load.Run(ctx, tg, r) }()
	meanwhile(r)
	require.NoError(t, <-ended)
	return r.Snapshot()
}
