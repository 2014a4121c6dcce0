package turnout_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"parley/loadtest/measure"
	"parley/loadtest/turnout"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestEachSocketIsCountedOnce(t *testing.T) {
	now := time.Now()
	r := measure.New(now)
	c, lost := turnout.New(r), errors.New("lost")
	c.Welcomed(false, false, now, now) // stays
	c.Welcomed(false, false, now, now) // is dropped, and resumes
	c.Dropped()
	c.Welcomed(true, true, now, now)
	c.Welcomed(false, false, now, now) // is lost, and begins afresh at the second attempt
	c.Gone(lost, true, true)
	c.Gone(lost, false, true)
	c.Welcomed(true, false, now, now)
	c.Gone(lost, false, false)         // never comes
	c.Welcomed(false, false, now, now) // leaves
	c.Gone(nil, true, true)
	require.Equal(t, 3, c.Open())

	s := r.Snapshot()
	require.Equal(t, map[string]int64{"resumes": 1, "afresh": 1}, s.Counters)
	require.EqualValues(t, 3, s.Gauges["sockets"])
	for stage, want := range map[string][2]int64{"connect": {4, 1}, "return": {2, 1}, "stay": {0, 1}} {
		got := s.Stages[stage]
		require.Equal(t, want, [2]int64{got.Done(), got.Failed}, stage)
	}

	c.Close()
	require.Zero(t, r.Snapshot().Gauges["sockets"])
}
