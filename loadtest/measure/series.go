package measure

import (
	"maps"
	"math"
)

// mergeSeries adds the samples that end in the same second. Who has none for a
// second has done nothing in it, and its counters and gauges stand as before.
func mergeSeries(a, b []Sample) []Sample {
	merged := make([]Sample, 0, max(len(a), len(b)))
	var lastA, lastB Sample
	for len(a) > 0 || len(b) > 0 {
		fromA := len(b) == 0 || len(a) > 0 && a[0].second() <= b[0].second()
		fromB := len(a) == 0 || len(b) > 0 && b[0].second() <= a[0].second()
		both := Sample{}
		if fromA {
			both, lastA, a = a[0], a[0], a[1:]
		}
		if fromB {
			lastB, b = b[0], b[1:]
			both.At, both.Over = max(both.At, lastB.At), max(both.Over, lastB.Over)
		}
		both.Stages = mergeStages(both.Stages, lastB.Stages, fromB)
		both.Counters = sum(lastA.Counters, lastB.Counters)
		both.Gauges = sum(lastA.Gauges, lastB.Gauges)
		both.Faults = lastA.Faults + lastB.Faults
		merged = append(merged, both)
	}
	return merged
}

// second is the second that a sample ends in: it is taken a little before or after.
func (s Sample) second() int { return int(math.Round(float64(s.At))) }

// mergeStages adds up what happened in the same second. Of the quantiles it keeps
// the worse: how long the slowest took is known, the rest is not.
func mergeStages(a, b map[string]StageSample, fromB bool) map[string]StageSample {
	merged := kept(maps.Clone(a))
	if !fromB {
		return merged
	}
	for name, o := range b {
		mine := merged[name]
		merged[name] = StageSample{
			Done: mine.Done + o.Done, Failed: mine.Failed + o.Failed,
			P50: max(mine.P50, o.P50), P95: max(mine.P95, o.P95), P99: max(mine.P99, o.P99), Max: max(mine.Max, o.Max),
		}
	}
	return merged
}

func sum(a, b map[string]int64) map[string]int64 {
	merged := kept(maps.Clone(a))
	add(merged, b)
	return merged
}

func add(to, from map[string]int64) {
	for name, n := range from {
		to[name] += n
	}
}
