package measure_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/loadtest/measure"
)

func TestPartsHaveNamesOfTheirOwnInOneRun(t *testing.T) {
	r := measure.New(began())
	chat, calls := r.Part("chat"), r.Part("calls")
	chat.Stage("connect").Done(began(), after(10))
	calls.Stage("connect").Done(began(), after(20))
	calls.Stage("calls").Done(began(), after(20)) // a part's own name is its own already
	calls.Part("mesh").Count("joins", 2)
	chat.Move("sockets", 3)
	chat.Fault(measure.Lost, "m")
	s := r.Snapshot()
	require.ElementsMatch(t, []string{"chat.connect", "calls.connect", "calls"}, s.StageNames())
	require.Equal(t, map[string]int64{"calls.mesh.joins": 2}, s.Counters)
	require.Equal(t, map[string]int64{"chat.sockets": 3}, s.Gauges)
	require.EqualValues(t, 1, s.Faults[measure.Lost].Count)
}

// Another recorder's run is told bit by bit, as JSON, and is all there in the end.
func TestWhatOthersRecordBelongsToTheRun(t *testing.T) {
	r, other := measure.New(began()), measure.New(began())
	told := 0
	tell := func() {
		s := other.Snapshot()
		s.Series, told = s.Series[told:], len(s.Series)
		b, err := json.Marshal(s)
		require.NoError(t, err)
		var came measure.Snapshot
		require.NoError(t, json.Unmarshal(b, &came))
		r.Adopt("other", came)
	}
	r.Stage("join").Done(began(), after(5))
	r.Gauge("sockets", 1)
	other.Stage("join").Done(began(), after(100))
	other.Gauge("sockets", 2)
	other.Sample(after(1000))
	tell()
	first := r.Sample(after(1000))
	require.EqualValues(t, 2, first.Stages["join"].Done)
	require.EqualValues(t, 3, first.Gauges["sockets"])

	other.Stage("join").Fail("timeout", nil)
	other.Count("cuts", 4)
	other.Fault(measure.Lost, "m")
	other.Sample(after(2000))
	tell()
	tell() // a second time it has nothing new
	second := r.Sample(after(2000))
	require.EqualValues(t, 1, second.Stages["join"].Failed)
	require.Zero(t, second.Stages["join"].Done)
	require.EqualValues(t, 4, second.Counters["cuts"])
	require.EqualValues(t, 1, second.Faults)

	all := r.Snapshot()
	require.EqualValues(t, 2, all.Stages["join"].Done())
	require.EqualValues(t, 1, all.Stages["join"].Failed)
	require.EqualValues(t, 1, all.Faults[measure.Lost].Count)
	require.Len(t, all.Series, 2)
	require.EqualValues(t, 2, all.Series[0].Stages["join"].Done)
	require.EqualValues(t, 4, all.Series[1].Counters["cuts"])
	require.Equal(t, all, r.Snapshot(), "taking it changes nothing")
}
