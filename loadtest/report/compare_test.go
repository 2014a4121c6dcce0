package report_test

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/loadtest/measure"
	"parley/loadtest/report"
)

// drawn is a run of n steps that take around so many milliseconds, of which a share
// fails.
func drawn(seed uint64, n int, ms, fails float64) report.Report {
	random := rand.New(rand.NewPCG(seed, 1))
	r := measure.New(time.Time{})
	s := r.Stage("join")
	for range n {
		if random.Float64() < fails {
			s.Fail("timeout", errors.New("late"))
			continue
		}
		took := ms * (1 + random.ExpFloat64())
		s.Done(time.Time{}, time.Time{}.Add(time.Duration(took*float64(time.Millisecond))))
	}
	return report.Report{Load: "calls", Recorded: r.Snapshot()}
}

// changes are the figures that have changed.
func changes(before, after report.Report) map[string]report.Change {
	found := map[string]report.Change{}
	for _, c := range report.Compare(before, after) {
		if c.Change != report.Same {
			found[c.Stage+"."+c.Figure] = c.Change
		}
	}
	return found
}

func TestNoiseIsNoChange(t *testing.T) {
	for seed := range uint64(20) {
		require.Empty(t, changes(drawn(2*seed, 2000, 10, 0.01), drawn(2*seed+1, 2000, 10, 0.01)), "seed %d", seed)
	}
	require.Empty(t, changes(drawn(1, 5, 10, 0), drawn(2, 5, 13, 0)), "of five steps nothing can be told")
	require.Empty(t, changes(drawn(1, 9000, 0.1, 0), drawn(2, 9000, 0.2, 0)), "nobody sees a tenth of a millisecond")
}

func TestWhatIsBeyondNoiseIsMarked(t *testing.T) {
	slow := map[string]report.Change{"join.p50": report.Worse, "join.p95": report.Worse, "join.p99": report.Worse}
	require.Equal(t, slow, changes(drawn(1, 2000, 10, 0), drawn(2, 2000, 15, 0)))
	fast := map[string]report.Change{"join.p50": report.Better, "join.p95": report.Better, "join.p99": report.Better}
	require.Equal(t, fast, changes(drawn(1, 2000, 15, 0), drawn(2, 2000, 10, 0)))
	require.Equal(t, map[string]report.Change{"join.success": report.Worse}, changes(drawn(1, 2000, 10, 0), drawn(2, 2000, 10, 0.01)))

	faulty := drawn(3, 2000, 10, 0)
	faulty.Recorded.Faults[measure.Doubled] = measure.FaultRecord{Count: 1}
	require.Equal(t, map[string]report.Change{"faults.doubled": report.Worse}, changes(drawn(4, 2000, 10, 0), faulty))
	require.Equal(t, map[string]report.Change{"faults.doubled": report.Better}, changes(faulty, drawn(4, 2000, 10, 0)))
}

func TestComparisonIsWritten(t *testing.T) {
	before, after := drawn(1, 2000, 10, 0), drawn(2, 2000, 15, 0)
	before.Options, after.Options = []byte(`{"rate":1}`), []byte(`{"rate":2}`)
	var out strings.Builder
	require.True(t, report.WriteComparison(&out, before, after))
	require.Regexp(t, `join +p50 +17ms +2\d\.\dms +\+\d\d\.\d % +WORSE`, out.String())
	require.Contains(t, out.String(), "different options:\n  {\"rate\":1}\n  {\"rate\":2}\n")
	require.False(t, report.WriteComparison(&out, after, before))
}
