package measure_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/loadtest/measure"
)

// began is when the runs of these tests begin.
func began() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }

// after is so many milliseconds later.
func after(ms int) time.Time { return began().Add(time.Duration(ms) * time.Millisecond) }

func TestLatencyCountsFromWhenAStepShouldHaveBegun(t *testing.T) {
	r := measure.New(began())
	s := r.Stage("connect")
	for i := range 100 { // one each 10 ms is wanted, and all wait for a second's end
		s.Done(after(10*i), after(1000))
	}
	got := r.Snapshot().Stages["connect"].Latency
	require.EqualValues(t, 100, got.Count())
	require.InDelta(t, 0.5, float64(got.Quantile(0.5)), 0.011)
	require.InDelta(t, 0.99, float64(got.Quantile(0.99)), 0.011)
	require.InDelta(t, 1, float64(got.Max()), 0.001)
	require.InDelta(t, 0.505, float64(got.Mean()), 0.001)
}

func TestDurationsOutOfRangeCountAsTheNearest(t *testing.T) {
	r := measure.New(began())
	s := r.Stage("x")
	s.Done(after(5), after(0)) // before its time
	s.Done(began(), began().Add(24*time.Hour))
	got := r.Snapshot().Stages["x"].Latency
	require.EqualValues(t, 2, got.Count())
	require.InDelta(t, 1e-6, float64(got.Quantile(0.1)), 1e-9)
	require.InDelta(t, 3600, float64(got.Max()), 4)
}

func TestFailuresKeepTheFirstExampleOfFewCauses(t *testing.T) {
	r := measure.New(began())
	s := r.Stage("join")
	s.Done(began(), after(1))
	s.Fail("timeout", errors.New("first"))
	s.Fail("timeout", errors.New("second"))
	for i := range 100 {
		s.Fail(fmt.Sprint("cause ", i), fmt.Errorf("example %d", i))
	}
	got := r.Snapshot().Stages["join"]
	require.EqualValues(t, 102, got.Failed)
	require.Equal(t, measure.Cause{Count: 2, Example: "first"}, got.Causes["timeout"])
	require.Len(t, got.Causes, 25)
	require.Equal(t, measure.Cause{Count: 77, Example: "example 23"}, got.Causes[measure.Other])
	require.InDelta(t, 1.0/103, got.Success(), 1e-9)
}

func TestSamplesTellWhatHappenedSinceTheLastOne(t *testing.T) {
	r := measure.New(began())
	s := r.Stage("deliver")
	s.Done(began(), after(100))
	s.Fail("timeout", nil)
	r.Count("bytes", 10)
	r.Gauge("sockets", 7)
	r.Move("calls", 3)
	first := r.Sample(after(1000))
	require.InDelta(t, 1, float64(first.At), 1e-9)
	require.InDelta(t, 1, float64(first.Over), 1e-9)
	require.EqualValues(t, 1, first.Stages["deliver"].Done)
	require.EqualValues(t, 1, first.Stages["deliver"].Failed)
	require.InDelta(t, 0.1, float64(first.Stages["deliver"].P99), 0.001)

	s.Done(began(), after(200))
	s.Done(began(), after(200))
	r.Count("bytes", 5)
	r.Move("calls", -1)
	r.Fault(measure.Lost, "message 7")
	second := r.Sample(after(2500))
	require.InDelta(t, 1.5, float64(second.Over), 1e-9)
	require.EqualValues(t, 2, second.Stages["deliver"].Done)
	require.Zero(t, second.Stages["deliver"].Failed)
	require.InDelta(t, 0.2, float64(second.Stages["deliver"].P50), 0.001)
	require.Equal(t, map[string]int64{"bytes": 15}, second.Counters)
	require.Equal(t, map[string]int64{"sockets": 7, "calls": 2}, second.Gauges)
	require.EqualValues(t, 1, second.Faults)

	require.Zero(t, r.Sample(after(3000)).Stages["deliver"])
	all := r.Snapshot()
	require.EqualValues(t, 3, all.Stages["deliver"].Done())
	require.Len(t, all.Series, 3)
}

func TestFaultsKeepTheFirstExamples(t *testing.T) {
	r := measure.New(began())
	for i := range 10 {
		r.Fault(measure.Doubled, fmt.Sprint("message ", i))
	}
	got := r.Snapshot().Faults[measure.Doubled]
	require.EqualValues(t, 10, got.Count)
	require.Equal(t, []string{"message 0", "message 1", "message 2", "message 3", "message 4"}, got.Examples)
}

// fill records a little of everything.
func fill(r *measure.Recorder, ms int, cause string) {
	r.Stage("join").Done(began(), after(ms))
	r.Stage("join").Fail(cause, errors.New(cause+" happened"))
	r.Count("resumes", 2)
	r.Gauge("sockets", 5)
	r.Fault(measure.Late, cause)
	r.Sample(after(1020))
}

func TestMergedSnapshotsAreAsOne(t *testing.T) {
	a, b := measure.New(began()), measure.New(began().Add(time.Hour))
	fill(a, 100, "timeout")
	fill(b, 300, "room_full")
	a.Sample(after(2010))
	b.Stage("leave").Done(began(), after(1))

	var sum measure.Snapshot
	sum.Merge(a.Snapshot())
	untouched := a.Snapshot()
	sum.Merge(b.Snapshot())
	require.Equal(t, began(), sum.Started)
	require.EqualValues(t, 2, sum.Stages["join"].Done())
	require.EqualValues(t, 2, sum.Stages["join"].Failed)
	require.Len(t, sum.Stages["join"].Causes, 2)
	require.InDelta(t, 0.3, float64(sum.Stages["join"].Latency.Max()), 0.001)
	require.EqualValues(t, 1, sum.Stages["leave"].Done())
	require.Equal(t, map[string]int64{"resumes": 4}, sum.Counters)
	require.Equal(t, map[string]int64{"sockets": 10}, sum.Gauges)
	require.Equal(t, measure.FaultRecord{Count: 2, Examples: []string{"timeout", "room_full"}}, sum.Faults[measure.Late])
	require.Equal(t, []string{"join", "leave"}, sum.StageNames())
	require.Equal(t, untouched, a.Snapshot(), "merging changes nothing of what is merged")
}

func TestSeriesAreMergedBySecond(t *testing.T) {
	a, b := measure.New(began()), measure.New(began())
	a.Count("n", 1)
	b.Count("n", 2)
	for _, ms := range []int{1010, 2010, 4010} {
		a.Sample(after(ms))
	}
	for _, ms := range []int{1990, 3030} {
		b.Sample(after(ms))
	}
	sum := a.Snapshot()
	sum.Merge(b.Snapshot())
	var seconds, counts []int64
	for _, s := range sum.Series {
		seconds, counts = append(seconds, int64(s.At)), append(counts, s.Counters["n"])
	}
	require.Equal(t, []int64{1, 2, 3, 4}, seconds)
	require.Equal(t, []int64{1, 3, 3, 3}, counts, "who has no sample stands as before")
	require.Len(t, a.Snapshot().Series, 3)
	require.EqualValues(t, 1, a.Snapshot().Series[1].Counters["n"])
}

func TestSnapshotSurvivesJSON(t *testing.T) {
	r := measure.New(began())
	fill(r, 123, "timeout")
	want := r.Snapshot()
	b, err := json.Marshal(want)
	require.NoError(t, err)
	var got measure.Snapshot
	require.NoError(t, json.Unmarshal(b, &got))
	require.Equal(t, want.Stages["join"].Latency.Quantile(0.99), got.Stages["join"].Latency.Quantile(0.99))
	again, err := json.Marshal(got)
	require.NoError(t, err)
	require.JSONEq(t, string(b), string(again))
	got.Merge(want)
	require.EqualValues(t, 2, got.Stages["join"].Done(), "what was read can be merged")

	for _, bad := range []string{`{"hdr":"nonsense"}`, `[]`, `{}`} {
		require.Error(t, new(measure.Latency).UnmarshalJSON([]byte(bad)), bad)
	}
	none, err := json.Marshal(measure.Latency{})
	require.NoError(t, err)
	require.NoError(t, new(measure.Latency).UnmarshalJSON(none))
}

func TestManyRecordAtOnce(t *testing.T) {
	r := measure.New(began())
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for i := range 1000 {
				r.Stage("x").Done(began(), after(i))
				r.Stage("x").Fail("timeout", nil)
				r.Count("n", 1)
				r.Move("g", 1)
				r.Fault(measure.Lost, "x")
			}
		})
	}
	all.Go(func() {
		for i := range 50 {
			r.Sample(after(1000 * i))
			r.Snapshot()
		}
	})
	all.Wait()
	got := r.Snapshot()
	require.EqualValues(t, 8000, got.Stages["x"].Done())
	require.EqualValues(t, 8000, got.Stages["x"].Failed)
	require.EqualValues(t, 8000, got.Counters["n"])
	require.EqualValues(t, 8000, got.Gauges["g"])
	require.EqualValues(t, 8000, got.Faults[measure.Lost].Count)
}
