package main

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

const buckets = `# TYPE waited_seconds histogram
waited_seconds_bucket{le="0.001"} 10
waited_seconds_bucket{le="0.01"} 90
waited_seconds_bucket{le="+Inf"} 100
waited_seconds_sum 1
waited_seconds_count 100
waited_seconds_other_bucket{le="0.001"} 7
`

func TestHistogram(t *testing.T) {
	h, err := parseHistogram(buckets, "waited_seconds")
	require.NoError(t, err)
	require.Equal(t, histogram{0.001: 10, 0.01: 90, math.Inf(1): 100}, h)
	require.Equal(t, 100.0, h.count())
	require.InDelta(t, 0.0005, h.quantile(0.05), 1e-9)
	require.InDelta(t, 0.0055, h.quantile(0.5), 1e-9)
	require.True(t, math.IsInf(h.quantile(0.99), 1), "beyond the last bound")

	before := histogram{0.001: 10, 0.01: 20, math.Inf(1): 30}
	require.InDelta(t, 0.0055, h.since(before).quantile(0.5), 1e-9)
	require.True(t, math.IsNaN(h.since(h).quantile(0.99)), "of nothing")
}

func TestSeriesOfAHistogramAreAddedUp(t *testing.T) {
	h, err := parseHistogram(`x_bucket{kind="a",le="1"} 2
x_bucket{kind="a",le="+Inf"} 3
x_bucket{kind="b",le="1"} 4
x_bucket{kind="b",le="+Inf"} 5
`, "x")
	require.NoError(t, err)
	require.Equal(t, histogram{1: 6, math.Inf(1): 8}, h)
}

func TestAHistogramThatIsNotThere(t *testing.T) {
	h, err := parseHistogram(buckets, "nothing")
	require.NoError(t, err)
	require.Zero(t, h.count())
}

func TestBrokenHistograms(t *testing.T) {
	for _, page := range []string{
		"x_bucket{} 1", `x_bucket{le="1" 1`, `x_bucket{le="1"} many`, `x_bucket{le="few"} 1`, `x_bucket{le="1} 1`,
	} {
		_, err := parseHistogram(page, "x")
		require.ErrorContains(t, err, "metrics", page)
	}
}

func FuzzParseHistogram(f *testing.F) {
	f.Add(buckets)
	f.Fuzz(func(_ *testing.T, page string) {
		if h, err := parseHistogram(page, "waited_seconds"); err == nil {
			h.quantile(0.99)
		}
	})
}
