package measure

import (
	"maps"
	"time"
)

// Sample is what happened from one call of Recorder.Sample to the next, and how
// things stood then.
type Sample struct {
	At       Seconds                `json:"at"`   // since the start, when it was taken
	Over     Seconds                `json:"over"` // since the sample before
	Stages   map[string]StageSample `json:"stages"`
	Counters map[string]int64       `json:"counters"` // since the start
	Gauges   map[string]int64       `json:"gauges"`
	Faults   int64                  `json:"faults"` // since the start, of all kinds
}

// StageSample is what happened to a stage in an interval.
type StageSample struct {
	Done   int64   `json:"done"`
	Failed int64   `json:"failed"`
	P50    Seconds `json:"p50"`
	P95    Seconds `json:"p95"`
	P99    Seconds `json:"p99"`
	Max    Seconds `json:"max"`
}

// Sample ends an interval and adds it to the series, of which it returns the new
// end, and with it what others have sampled meanwhile. It is to be called once a
// second: samples of several recorders are merged by the second that they end in.
func (r *Recorder) Sample(now time.Time) Sample {
	at := Seconds(now.Sub(r.start).Seconds())
	s := Sample{
		At: at, Over: at, Stages: map[string]StageSample{},
		Counters: valuesOf(&r.counters), Gauges: valuesOf(&r.gauges),
	}
	r.mu.Lock()
	stages := maps.Clone(r.stages)
	for _, f := range r.faults {
		s.Faults += f.Count
	}
	if n := len(r.series); n > 0 {
		s.Over = at - r.series[n-1].At
	}
	r.mu.Unlock()
	for name, stage := range stages {
		s.Stages[name] = stage.sample()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.series = append(r.series, s)
	for _, o := range r.others {
		s = o.join(s)
	}
	return s
}
