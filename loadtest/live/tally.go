package live

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"parley/loadtest/measure"
)

// tally adds samples up.
type tally struct {
	stages  map[string]measure.StageSample // since the start
	recent  map[string]measure.StageSample // since begin
	over    measure.Seconds                // likewise
	samples int
}

func (t *tally) add(s measure.Sample) {
	t.samples++
	t.over += s.Over
	if t.recent == nil {
		t.recent = map[string]measure.StageSample{}
	}
	for name, now := range s.Stages {
		t.stages[name] = plus(t.stages[name], now)
		t.recent[name] = plus(t.recent[name], now)
	}
}

func plus(a, b measure.StageSample) measure.StageSample {
	return measure.StageSample{
		Done: a.Done + b.Done, Failed: a.Failed + b.Failed,
		P50: max(a.P50, b.P50), P99: max(a.P99, b.P99), Max: max(a.Max, b.Max),
	}
}

// begin forgets what is recent.
func (t *tally) begin() {
	t.recent, t.over = nil, 0
}

// line writes what is recent, in one line.
func (t *tally) line(w io.Writer, latest measure.Sample) {
	head(w, latest)
	for _, name := range slices.Sorted(maps.Keys(t.recent)) {
		if now := t.recent[name]; now.Done+now.Failed > 0 {
			fmt.Fprintf(w, "  %s %.1f/s p99 %s", name, rate(now.Done, t.over), brief(now.P99))
			if all := t.stages[name]; all.Failed > 0 {
				fmt.Fprintf(w, " failed %d", all.Failed)
			}
		}
	}
	fmt.Fprintln(w)
}

// head writes the faults, and what is so now.
func head(w io.Writer, latest measure.Sample) {
	if latest.Faults > 0 {
		fmt.Fprintf(w, "  FAULTS %d", latest.Faults)
	}
	for _, name := range slices.Sorted(maps.Keys(latest.Gauges)) {
		fmt.Fprintf(w, "  %s %d", name, latest.Gauges[name])
	}
}

func brief(s measure.Seconds) string {
	if s == 0 {
		return "-"
	}
	if d := s.Duration(); d < 10*time.Millisecond {
		return d.Round(10 * time.Microsecond).String()
	}
	return s.Duration().Round(time.Millisecond).String()
}

func rate(n int64, over measure.Seconds) float64 {
	if over <= 0 {
		return 0
	}
	return float64(n) / float64(over)
}
