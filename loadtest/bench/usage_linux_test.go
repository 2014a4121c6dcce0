package main

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/loadtest/bench/report"
	"parley/loadtest/bench/swarm"
)

func TestUsage(t *testing.T) {
	require.Equal(t, usage{2, 3, 4}, usage{5, 7, 9}.since(usage{3, 4, 5}))
	require.Equal(t, usage{5, 7, 9}, usage{2, 3, 4}.plus(usage{3, 4, 5}))
	require.EqualValues(t, 3, usage{1, 2, 6}.others())
	require.Zero(t, usage{1, 2, 2}.others(), "clocks that do not tick together")
}

func TestWhatIsMadeOfALoad(t *testing.T) {
	m := measured{Result: swarm.Result{Elapsed: 2 * time.Second, Done: 1000}, spent: usage{server: time.Second}}
	require.Equal(t, 500.0, m.rate(m.Done))
	require.Equal(t, 1000.0, m.each(m.Done))
	require.True(t, math.IsNaN(m.each(0)), "nothing was delivered")
	require.Equal(t, 50.0, percent(m.spent.server, m.Elapsed))
}

func TestTheClientIsBlamedIfItAloneWasBusy(t *testing.T) {
	const limited, disturbed = "the client was the bottleneck", "the machine had other work"
	in := func(ms int) time.Duration { return time.Duration(ms) * time.Millisecond }
	for _, c := range []struct {
		server, client, machine int // ms
		want                    []string
	}{
		{500, 950, 1450, []string{limited}},
		{950, 950, 1900, nil},
		{950, 500, 1450, nil},
		{100, 100, 200, nil},
		{500, 950, 1600, []string{limited, disturbed}},
	} {
		m := measured{
			Result: swarm.Result{Elapsed: time.Second},
			spent:  usage{in(c.server), in(c.client), in(c.machine)},
		}
		require.Equal(t, c.want, m.notes(), "%+v", c)
	}
}

func TestPingScale(t *testing.T) {
	scale, note := pingScale(10_000, 30*time.Second, 10_000)
	require.Equal(t, 1.2, scale)
	require.Equal(t, []string{"times 1.20 for pings that were not due yet"}, note)
	scale, note = pingScale(10_000, 25*time.Second, 10_001)
	require.Equal(t, 1.0, scale)
	require.Empty(t, note)
	scale, note = pingScale(10, time.Second, 0)
	require.Equal(t, 1.0, scale)
	require.NotEmpty(t, note)
}

func TestPacedTailIsHeldAgainstTheFloorOfTheSameRun(t *testing.T) {
	r := &report.Report{}
	add := func(name string, values ...float64) {
		for _, v := range values {
			r.Add(report.Figure{Row: rowPaced, Name: pacedTail, Subject: name}, v)
		}
	}
	pacedAgainstFloor(r, 0)
	require.Empty(t, r.Figures, "nothing to compare")
	add(subjectNow, 2, 6)
	pacedAgainstFloor(r, 0)
	require.Len(t, r.Figures, 1)
	add("floor", 1, 4)
	for nth := range 2 {
		pacedAgainstFloor(r, nth)
	}
	require.Equal(t, []float64{2, 1.5}, r.Figures[2].Runs)
}

func TestFiguresThatAreNoNumbersAreLeftOut(t *testing.T) {
	tr := &trial{lab: &lab{report: &report.Report{}}, row: "x", subject: subject{name: "s"}}
	tr.detail("a", "", math.NaN())
	tr.detail("b", "", math.Inf(1))
	tr.detail("c", "ms", 3)
	require.Equal(t, []*report.Figure{{Row: "x", Name: "c", Unit: "ms", Subject: "s", Detail: true, Runs: []float64{3}}}, tr.report.Figures)
}

func TestProfileNames(t *testing.T) {
	require.Equal(t, "saturated-1000-sockets-rooms-of-10.pprof", profileName("saturated", "1000 sockets, rooms of 10", subjectNow))
	require.Equal(t, "joins-base.pprof", profileName("joins", "", subjectBase))
}
