package load

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/loadtest/measure"
	"parley/loadtest/report"
	"parley/loadtest/run"
	"parley/loadtest/scenario"
	"parley/loadtest/scenarios"
)

// The smoke scenario in a quarter of its time, of whose rules those about latency do
// not count: the machine does something else too.
func TestSmokeScenario(t *testing.T) {
	t.Parallel()
	content, err := scenarios.Read("smoke")
	require.NoError(t, err)
	s, err := scenario.Parse(content)
	require.NoError(t, err)
	s = s.Scaled(1, 0.25)
	load, err := scenario.New(s, scenario.Share{}, nil)
	require.NoError(t, err)

	var rules []report.Rule
	for _, text := range s.Fail {
		if !strings.Contains(text, ".p99") {
			r, err := report.ParseRule(text)
			require.NoError(t, err)
			rules = append(rules, r)
		}
	}
	require.NotEmpty(t, rules)
	tg := aim(t, startNode(t))
	got, err := run.Do(within(t), run.Config{Name: "smoke", Rules: rules}, load, tg, measure.New(time.Now()))
	require.NoError(t, err)
	var text strings.Builder
	got.Text(&text)
	require.True(t, got.Passed, "%s", &text)
	require.False(t, got.Stopped)
	for _, stage := range []string{"calls", "calls.resume", "chat.deliver", "chat.return", "idle.alive", "storm"} {
		require.Positive(t, got.Recorded.Stages[stage].Done(), "%s\n%s", stage, &text)
	}
}
