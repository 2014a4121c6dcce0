package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestMedian(t *testing.T) {
	require.Equal(t, 2.0, (&Figure{Runs: []float64{3, 1, 2}}).Median())
	require.Equal(t, 2.5, (&Figure{Runs: []float64{4, 1, 3, 2}}).Median())
	require.Equal(t, 7.0, (&Figure{Runs: []float64{7}}).Median())
}

func TestNumber(t *testing.T) {
	for want, n := range map[string]float64{
		"0": 0, "3": 3, "0.12": 0.123, "9.99": 9.99, "10.0": 9.999, "12.3": 12.34, "99.9": 99.94, "100": 99.96,
		"999": 999.4, "1,000": 1000, "123,457": 123456.7, "-1,234,567": -1234567, "-0.50": -0.5,
	} {
		require.Equal(t, want, Number(n), "%v", n)
	}
}

func TestCount(t *testing.T) {
	for want, n := range map[string]int{"0": 0, "20": 20, "-20": -20, "1,000": 1000, "12,345,006": 12345006} {
		require.Equal(t, want, Count(n))
	}
}

func TestTargets(t *testing.T) {
	require.True(t, AtMost(4.5).met(4.5))
	require.False(t, AtMost(4.5).met(4.51))
	require.True(t, AtLeast(20000).met(20000))
	require.False(t, AtLeast(20000).met(19999))
	require.Equal(t, "≤ 4.5", AtMost(4.5).String())
	require.Equal(t, "≥ 400,000", AtLeast(400000).String())
}

// fill makes a report of two runs of two subjects.
func fill() *Report {
	r := &Report{
		Machine: Machine{CPUs: 2, Go: "go1", Arch: "amd64", Kernel: "6.1", SyncMS: 0.25},
		Setup:   Setup{Runs: 2, DurationS: 2, Pinned: true},
		Rows:    []Row{{"joins", "10 sockets"}, {"empty", "nothing"}},
	}
	for run := range 2 {
		r.Add(Figure{Row: "joins", Name: "CPU", Unit: "ms", Subject: "parley", Target: AtMost(40)}, 38+float64(run))
		r.Add(Figure{Row: "joins", Name: "rate", Subject: "parley", Target: AtLeast(9000), Notes: []string{"client limited"}}, 5000)
		r.Add(Figure{Row: "joins", Name: "busy", Unit: "%", Subject: "parley", Detail: true}, 95)
		r.Add(Figure{Row: "joins", Name: "CPU", Unit: "ms", Subject: "floor"}, 20)
	}
	return r
}

func TestRunsOfOneFigureAreKeptTogether(t *testing.T) {
	r := fill()
	require.Len(t, r.Figures, 4)
	require.Equal(t, &Figure{
		Row: "joins", Name: "rate", Subject: "parley", Target: AtLeast(9000),
		Runs: []float64{5000, 5000}, Notes: []string{"client limited"},
	}, r.Figures[1])
	b, err := r.JSON()
	require.NoError(t, err)
	var back Report
	require.NoError(t, json.Unmarshal(b, &back))
	require.Equal(t, r, &back)
}

func table(t *testing.T, r *Report, l Layout) []string {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, r.Write(&out, l))
	return strings.Split(strings.TrimRight(out.String(), "\n"), "\n")
}

func TestTableAgainstTargets(t *testing.T) {
	r := fill()
	r.Fail("storm", "parley", errors.New("2 sockets were lost"))
	lines := table(t, r, Layout{Subject: "parley", Beside: []string{"floor", "nobody"}})
	require.Equal(t, "2 CPUs, go1 amd64, Linux 6.1, server and client on one CPU each, 4 KiB to disk in 0.25 ms", lines[0])
	require.Equal(t, "Median of 2 (least–most), 2s a load", lines[1])
	require.Equal(t, "joins: 10 sockets", lines[3])
	require.Regexp(t, `^ +reached +target +floor *$`, lines[4])
	require.Regexp(t, `^  CPU +ms  38\.5 \(38\.0–39\.0\) +≤ 40 +met +20\.0 \(20\.0–20\.0\)`, lines[5])
	require.Regexp(t, `^  rate +5,000 \(5,000–5,000\) +≥ 9,000 +missed +– +client limited`, lines[6])
	require.Equal(t, "Not measured: storm, parley: 2 sockets were lost", lines[8])
	require.Len(t, lines, 9, "no details, no row without figures")
	require.Contains(t, strings.Join(table(t, r, Layout{Subject: "parley", All: true}), "\n"), "busy")
}

func TestTableAgainstAnotherVersion(t *testing.T) {
	r := fill()
	for run := range 2 {
		r.Add(Figure{Row: "joins", Name: "CPU", Unit: "ms", Subject: "base"}, 77+float64(run))
		r.Add(Figure{Row: "joins", Name: "rate", Subject: "base"}, 4999+float64(10*run))
	}
	r.Figures[1].Notes = nil
	lines := table(t, r, Layout{Subject: "parley", Base: "base", Beside: []string{"floor"}})
	require.Regexp(t, `^ +base +parley +change +target +floor *$`, lines[4])
	require.Regexp(t, `CPU +ms  77\.5 \(77\.0–78\.0\) +38\.5 \(38\.0–39\.0\) +-50\.3 % +≤ 40 +met +20\.0`, lines[5])
	require.Regexp(t, `rate .* -0\.1 % \(runs overlap\) +≥ 9,000 +missed`, lines[6])
}

func TestNotesSayWhoseTheyAre(t *testing.T) {
	r := fill()
	r.Add(Figure{Row: "joins", Name: "rate", Subject: "floor", Notes: []string{"late"}}, 1)
	text := func() string { return strings.Join(table(t, r, Layout{Subject: "parley"}), "\n") }
	require.Contains(t, text(), "parley: client limited; floor: late")
	r.Add(Figure{Row: "joins", Name: "rate", Subject: "floor", Notes: []string{"client limited"}}, 1)
	require.Contains(t, text(), "  client limited; floor: late", "what holds of all is said once")
}

func TestApart(t *testing.T) {
	of := func(runs ...float64) *Figure { return &Figure{Runs: runs} }
	require.True(t, apart(of(1, 2), of(3, 4)))
	require.True(t, apart(of(3, 4), of(1, 2)))
	require.False(t, apart(of(1, 3), of(3, 4)))
	require.False(t, apart(of(1, 9), of(3, 4)))
}
