package report

import (
	"fmt"
	"io"
	"math"
	"slices"

	"parley/loadtest/measure"
)

// Change is how a figure differs between two runs, beyond noise or not.
type Change int

// Changes.
const (
	Same Change = iota
	Better
	Worse
)

// Comparison is a figure of two runs.
type Comparison struct {
	Stage, Figure string
	Before, After float64 // seconds or a share; of faults, how many
	Change        Change
}

// Noise is what two runs of the same may differ by: a quantile is taken to have
// changed where its 99 % confidence intervals lie apart, and by more than these, for
// runs differ by more than the samples of one tell.
const (
	leastShare   = 0.10
	leastSeconds = 0.001
	confidence   = 2.576 // standard deviations
)

// Compare holds a run against an earlier one.
func Compare(before, after Report) (all []Comparison) {
	for _, name := range after.Recorded.StageNames() {
		a, known := before.Recorded.Stages[name]
		b := after.Recorded.Stages[name]
		if !known || a.Done()+a.Failed == 0 || b.Done()+b.Failed == 0 {
			continue
		}
		all = append(all, compareSuccess(name, a, b))
		for _, q := range []struct {
			name string
			q    float64
		}{{"p50", 0.50}, {"p95", 0.95}, {"p99", 0.99}} {
			if a.Done() > 0 && b.Done() > 0 {
				all = append(all, compareQuantile(name, q.name, q.q, a.Latency, b.Latency))
			}
		}
	}
	for _, kind := range measure.FaultKinds() {
		a, b := before.Recorded.Faults[kind].Count, after.Recorded.Faults[kind].Count
		if a+b > 0 { // one is one too many: there is no noise in faults
			all = append(all, Comparison{allFaults, string(kind), float64(a), float64(b), direction(float64(b - a))})
		}
	}
	return all
}

// direction is the change of what should be small.
func direction(by float64) Change {
	switch {
	case by > 0:
		return Worse
	case by < 0:
		return Better
	}
	return Same
}

// compareSuccess tests whether two shares differ (the z-test of two proportions).
func compareSuccess(stage string, a, b measure.StageRecord) Comparison {
	c := Comparison{Stage: stage, Figure: "success", Before: a.Success(), After: b.Success()}
	n, m := float64(a.Done()+a.Failed), float64(b.Done()+b.Failed)
	pooled := float64(a.Done()+b.Done()) / (n + m)
	deviation := math.Sqrt(pooled * (1 - pooled) * (1/n + 1/m))
	if deviation > 0 && math.Abs(c.After-c.Before)/deviation > confidence {
		c.Change = direction(c.Before - c.After)
	}
	return c
}

func compareQuantile(stage, figure string, q float64, a, b measure.Latency) Comparison {
	c := Comparison{Stage: stage, Figure: figure, Before: float64(a.Quantile(q)), After: float64(b.Quantile(q))}
	lowA, highA := interval(a, q)
	lowB, highB := interval(b, q)
	apart := highA < lowB || highB < lowA
	by := math.Abs(c.After - c.Before)
	if apart && by > leastSeconds && by > leastShare*c.Before {
		c.Change = direction(c.After - c.Before)
	}
	return c
}

// interval is where a quantile lies with confidence: of n samples in order, the rank
// of the one at q is binomial, about n·q ± z·√(n·q·(1−q)).
func interval(l measure.Latency, q float64) (low, high measure.Seconds) {
	n := float64(l.Count())
	width := confidence * math.Sqrt(q*(1-q)/n)
	return l.Quantile(max(q-width, 0)), l.Quantile(min(q+width, 1))
}

// WriteComparison writes a comparison for a terminal, and returns whether anything
// is worse.
func WriteComparison(w io.Writer, before, after Report) (worse bool) {
	all := Compare(before, after)
	fmt.Fprintf(w, "before: %s against %v, %s, %s\n", before.Load, before.Target, before.Started.Format("2006-01-02 15:04:05"), before.Tool.Version)
	fmt.Fprintf(w, "after:  %s against %v, %s, %s\n\n", after.Load, after.Target, after.Started.Format("2006-01-02 15:04:05"), after.Tool.Version)
	table, flush := newTable(w)
	fmt.Fprint(table, "stage\tfigure\tbefore\tafter\tchange\t\t\n")
	for _, c := range all {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t\n", c.Stage, c.Figure, c.shown(c.Before), c.shown(c.After), c.by(),
			[]string{Same: "", Better: "better", Worse: "WORSE"}[c.Change])
	}
	flush()
	worse = slices.ContainsFunc(all, func(c Comparison) bool { return c.Change == Worse })
	if string(before.Options) != string(after.Options) {
		fmt.Fprintf(w, "\nThe runs had different options:\n  %s\n  %s\n", before.Options, after.Options)
	}
	return worse
}

func (c Comparison) shown(value float64) string {
	switch {
	case c.Stage == allFaults:
		return fmt.Sprint(value)
	case c.Figure == "success":
		return percent(value)
	}
	return short(measure.Seconds(value))
}

func (c Comparison) by() string {
	if c.Before == 0 || c.Stage == allFaults {
		return ""
	}
	return fmt.Sprintf("%+.1f %%", 100*(c.After-c.Before)/c.Before)
}
