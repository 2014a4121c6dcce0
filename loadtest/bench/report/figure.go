package report

import (
	"fmt"
	"math"
	"slices"
	"strconv"
)

// Figure is one number of one subject.
type Figure struct {
	Row     string    `json:"row"`     // what was measured, such as "saturated"
	Name    string    `json:"name"`    // which number of it, such as "rooms of 10, CPU a delivery"
	Unit    string    `json:"unit"`    // such as "µs"; empty: a mere number
	Subject string    `json:"subject"` // of whom, such as "parley" or "floor"
	Target  *Target   `json:"target,omitempty"`
	Detail  bool      `json:"detail"` // left out of the table unless all is asked for
	Runs    []float64 `json:"runs"`   // one number a run, or less if a run gave none
	Notes   []string  `json:"notes,omitempty"`
}

// Target is what a figure is to reach.
type Target struct {
	Bound float64 `json:"bound"`
	Least bool    `json:"least"` // the bound is the least, not the most
}

// AtMost is a target from above.
func AtMost(bound float64) *Target { return &Target{Bound: bound} }

// AtLeast is a target from below.
func AtLeast(bound float64) *Target { return &Target{Bound: bound, Least: true} }

func (t *Target) met(value float64) bool {
	if t.Least {
		return value >= t.Bound
	}
	return value <= t.Bound
}

func (t *Target) String() string {
	bound := strconv.FormatFloat(t.Bound, 'f', -1, 64)
	if t.Bound >= 1000 {
		bound = Number(t.Bound)
	}
	if t.Least {
		return "≥ " + bound
	}
	return "≤ " + bound
}

// Median is the figure's median of all runs; of an even number the mean of the
// two in the middle.
func (f *Figure) Median() float64 {
	sorted := slices.Sorted(slices.Values(f.Runs))
	middle := len(sorted) / 2
	switch {
	case len(sorted) == 0:
		return math.NaN()
	case len(sorted)%2 == 1:
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// reached is the median, with the least and the most of several runs.
func (f *Figure) reached() string {
	switch len(f.Runs) {
	case 0:
		return "–"
	case 1:
		return Number(f.Runs[0])
	}
	return fmt.Sprintf("%s (%s–%s)", Number(f.Median()), Number(slices.Min(f.Runs)), Number(slices.Max(f.Runs)))
}

// apart tells whether every run of one figure was beyond every run of the other:
// if not, what is between their medians may be noise.
func apart(a, b *Figure) bool {
	return slices.Max(a.Runs) < slices.Min(b.Runs) || slices.Max(b.Runs) < slices.Min(a.Runs)
}

// Number prints three significant digits, and whole thousands with commas.
func Number(n float64) string {
	switch size := math.Abs(n); {
	case size >= 1000:
		return Count(int(math.Round(n)))
	case size >= 99.95:
		return fmt.Sprintf("%.0f", n)
	case size >= 9.995:
		return fmt.Sprintf("%.1f", n)
	case n == math.Trunc(n):
		return fmt.Sprintf("%.0f", n)
	default:
		return fmt.Sprintf("%.2f", n)
	}
}

// Count prints a whole number.
func Count(n int) string {
	if n < 0 {
		return "-" + Count(-n)
	}
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%s,%03d", Count(n/1000), n%1000)
}
