package measure

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Snapshot is all that was recorded up to a moment, as plain data.
type Snapshot struct {
	Started  time.Time                 `json:"started"`
	Stages   map[string]StageRecord    `json:"stages"`
	Counters map[string]int64          `json:"counters"`
	Gauges   map[string]int64          `json:"gauges"`
	Faults   map[FaultKind]FaultRecord `json:"faults"`
	Warnings []string                  `json:"warnings,omitempty"`
	Series   []Sample                  `json:"series"`
}

// StageRecord is what became of a stage.
type StageRecord struct {
	Order   int              `json:"order"` // in which the run came to its stages
	Failed  int64            `json:"failed"`
	Causes  map[string]Cause `json:"causes"`
	Latency Latency          `json:"latency"` // of those that succeeded
}

// Done is how often the stage succeeded.
func (s StageRecord) Done() int64 { return s.Latency.Count() }

// Success is the share that succeeded; 1 where nothing was tried.
func (s StageRecord) Success() float64 {
	all := s.Done() + s.Failed
	if all == 0 {
		return 1
	}
	return float64(s.Done()) / float64(all)
}

// Snapshot takes all that was recorded so far, what was not sampled yet and what
// others have recorded included.
func (r *Recorder) Snapshot() Snapshot {
	s := Snapshot{
		Started: r.start, Stages: map[string]StageRecord{},
		Counters: valuesOf(&r.counters), Gauges: valuesOf(&r.gauges),
		Faults: map[FaultKind]FaultRecord{},
	}
	r.mu.Lock()
	stages := maps.Clone(r.stages)
	for kind, f := range r.faults {
		s.Faults[kind] = FaultRecord{f.Count, slices.Clone(f.Examples)}
	}
	s.Series, s.Warnings = slices.Clone(r.series), slices.Clone(r.warnings)
	var others []Snapshot
	for _, who := range slices.Sorted(maps.Keys(r.others)) {
		others = append(others, r.others[who].all)
	}
	r.mu.Unlock()
	for name, stage := range stages {
		s.Stages[name] = stage.record()
	}
	for _, o := range others {
		s.Merge(o)
	}
	return s
}

// StageNames are the names of the stages, in the order in which the run came to
// them.
func (s Snapshot) StageNames() []string {
	return slices.SortedFunc(maps.Keys(s.Stages), func(a, b string) int {
		return cmp.Or(cmp.Compare(s.Stages[a].Order, s.Stages[b].Order), cmp.Compare(a, b))
	})
}

// Merge adds what another recorder of the same run has recorded. Seconds count from
// each one's own start, since the clocks of two machines need not agree.
func (s *Snapshot) Merge(other Snapshot) {
	if s.Started.IsZero() {
		s.Started = other.Started
	}
	s.Stages, s.Faults = kept(s.Stages), kept(s.Faults)
	s.Counters, s.Gauges = kept(s.Counters), kept(s.Gauges)
	for name, o := range other.Stages {
		mine, known := s.Stages[name]
		if !known {
			mine.Order = o.Order
		}
		s.Stages[name] = mine.merged(o)
	}
	add(s.Counters, other.Counters)
	add(s.Gauges, other.Gauges)
	for kind, o := range other.Faults {
		mine := s.Faults[kind]
		examples := slices.Concat(mine.Examples, o.Examples)
		s.Faults[kind] = FaultRecord{mine.Count + o.Count, examples[:min(len(examples), mostExamples)]}
	}
	s.Warnings = warned(slices.Clone(s.Warnings), other.Warnings...)
	s.Series = mergeSeries(s.Series, other.Series)
}

// merged is the sum of two records; it shares nothing with either.
func (s StageRecord) merged(o StageRecord) StageRecord {
	sum := StageRecord{Order: s.Order, Failed: s.Failed + o.Failed, Causes: map[string]Cause{}, Latency: NewLatency()}
	sum.Latency.Merge(s.Latency)
	sum.Latency.Merge(o.Latency)
	maps.Copy(sum.Causes, s.Causes)
	for _, name := range slices.Sorted(maps.Keys(o.Causes)) {
		theirs := o.Causes[name]
		if _, known := sum.Causes[name]; !known && len(sum.Causes) >= mostCauses {
			name = Other
		}
		mine := sum.Causes[name]
		if mine.Count == 0 {
			mine.Example = theirs.Example
		}
		mine.Count += theirs.Count
		sum.Causes[name] = mine
	}
	return sum
}

func kept[K comparable, V any](m map[K]V) map[K]V {
	if m == nil {
		return map[K]V{}
	}
	return m
}
