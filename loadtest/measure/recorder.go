package measure

import (
	"sync"
	"sync/atomic"
	"time"
)

// Recorder records a run, or a part of one.
type Recorder struct {
	part string // static: what the names in it begin with; "": the run itself
	*recorded
}

// recorded is what all parts of a run share.
type recorded struct {
	start time.Time // static

	counters, gauges sync.Map // of *atomic.Int64 by name: written once, then read

	mu     sync.Mutex
	stages map[string]*Stage          // guarded by mu
	faults map[FaultKind]*FaultRecord // guarded by mu
	series []Sample                   // guarded by mu
	others map[string]*other          // guarded by mu: by who records

	warnings []string // guarded by mu
}

// New makes a recorder of a run that begins now or began at start.
func New(start time.Time) *Recorder {
	return &Recorder{recorded: &recorded{
		start: start, stages: map[string]*Stage{}, faults: map[FaultKind]*FaultRecord{}, others: map[string]*other{},
	}}
}

// Stage returns the stage of a name, which is made when it is first asked for. Keep
// it where it is used often.
func (r *Recorder) Stage(name string) *Stage {
	name = r.named(name)
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.stages[name]
	if s == nil {
		s = newStage(len(r.stages))
		r.stages[name] = s
	}
	return s
}

// Count adds to a counter, such as "resumes" or "candidates.host-srflx".
func (r *Recorder) Count(name string, n int64) { value(&r.counters, r.named(name)).Add(n) }

// Counter returns a counter itself, for where it is added to often.
func (r *Recorder) Counter(name string) *atomic.Int64 { return value(&r.counters, r.named(name)) }

// Gauge sets what is so now.
func (r *Recorder) Gauge(name string, v int64) { value(&r.gauges, r.named(name)).Store(v) }

// Move changes a gauge by so much, for where many goroutines share one.
func (r *Recorder) Move(name string, by int64) { value(&r.gauges, r.named(name)).Add(by) }

// Fault records what a correct server never does.
func (r *Recorder) Fault(kind FaultKind, example string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f := r.faults[kind]
	if f == nil {
		f = &FaultRecord{}
		r.faults[kind] = f
	}
	f.Count++
	if len(f.Examples) < mostExamples {
		f.Examples = append(f.Examples, example)
	}
}

func value(values *sync.Map, name string) *atomic.Int64 {
	v, ok := values.Load(name)
	if !ok {
		v, _ = values.LoadOrStore(name, new(atomic.Int64))
	}
	return v.(*atomic.Int64)
}

func valuesOf(values *sync.Map) map[string]int64 {
	list := map[string]int64{}
	values.Range(func(name, v any) bool {
		list[name.(string)] = v.(*atomic.Int64).Load()
		return true
	})
	return list
}
