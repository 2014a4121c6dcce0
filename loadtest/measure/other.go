package measure

import "slices"

// other is what another recorder of the same run has told.
type other struct {
	all   Snapshot
	shown int // of its series, how many samples have been joined
}

// Adopt keeps what another recorder of the same run has recorded: all of it up to
// now, but of its series only the samples that were not in an earlier one. It belongs
// to this recorder's samples and snapshots from then on.
func (r *Recorder) Adopt(who string, s Snapshot) {
	r.mu.Lock()
	defer r.mu.Unlock()
	o := r.others[who]
	if o == nil {
		o = &other{}
		r.others[who] = o
	}
	// A snapshot that was taken before shares the old samples, and none of the new.
	s.Series = slices.Concat(o.all.Series, s.Series)
	o.all = s
}

// join adds the samples that are new to one of this recorder's, which keeps its time.
func (o *other) join(s Sample) Sample {
	for _, theirs := range o.all.Series[o.shown:] {
		s.Stages = mergeStages(s.Stages, theirs.Stages, true)
	}
	o.shown = len(o.all.Series)
	if o.shown > 0 {
		last := o.all.Series[o.shown-1]
		s.Counters, s.Gauges = sum(s.Counters, last.Counters), sum(s.Gauges, last.Gauges)
		s.Faults += last.Faults
	}
	return s
}
