package main

import (
	"bufio"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// histogram is the buckets of a Prometheus histogram: how many observations were
// at most each bound.
type histogram map[float64]float64

// histogram reads one, with the series of all labels added up; it is empty if the
// server has none of that name.
func (a admin) histogram(ctx context.Context, name string) (histogram, error) {
	var page strings.Builder
	if err := a.get(ctx, "/metrics", &page); err != nil {
		return nil, err
	}
	return parseHistogram(page.String(), name)
}

// parseHistogram reads Prometheus' text format.
func parseHistogram(page, name string) (histogram, error) {
	h := histogram{}
	for lines := bufio.NewScanner(strings.NewReader(page)); lines.Scan(); {
		labels, ok := strings.CutPrefix(lines.Text(), name+"_bucket{")
		if !ok {
			continue
		}
		labels, count, ok := strings.Cut(labels, "} ")
		_, le, found := strings.Cut(labels, `le="`)
		le, _, closed := strings.Cut(le, `"`)
		bound, err := strconv.ParseFloat(le, 64)
		if !ok || !found || !closed || err != nil {
			return nil, fmt.Errorf("metrics: no bucket: %q", lines.Text())
		}
		n, err := strconv.ParseFloat(count, 64)
		if err != nil {
			return nil, fmt.Errorf("metrics: no count: %q", lines.Text())
		}
		h[bound] += n
	}
	return h, nil
}

// since is what was observed after an earlier reading.
func (h histogram) since(before histogram) histogram {
	out := histogram{}
	for bound, n := range h {
		out[bound] = n - before[bound]
	}
	return out
}

// quantile is what a share q of the observations did not exceed, as near as the
// buckets tell: within one they are taken to be spread evenly. It is not a number
// if nothing was observed, and infinite beyond the last bound.
func (h histogram) quantile(q float64) float64 {
	var bounds []float64
	for bound := range h {
		bounds = append(bounds, bound)
	}
	slices.Sort(bounds)
	all := h.count()
	if all == 0 {
		return math.NaN()
	}
	var from, below float64
	for _, bound := range bounds {
		if n := h[bound]; n >= q*all {
			if math.IsInf(bound, 1) {
				return bound
			}
			return from + (bound-from)*(q*all-below)/(n-below)
		}
		from, below = bound, h[bound]
	}
	return math.NaN()
}

// count is how many observations there are.
func (h histogram) count() float64 { return h[math.Inf(1)] }
