package measure

import (
	"sync"
	"time"
)

// mostCauses bounds how many causes of failure a stage tells apart; Other are the
// rest.
const mostCauses = 24

// Other is the cause of failures whose own was one too many to be kept.
const Other = "other"

// Cause is what was seen of a cause of failure.
type Cause struct {
	Count   int64  `json:"count"`
	Example string `json:"example"` // the first
}

// Stage is a step that succeeds or fails, over and over.
type Stage struct {
	order int // static: how many stages there were before it

	mu       sync.Mutex
	past     Latency          // guarded by mu: up to the last sample
	interval Latency          // guarded by mu: since then
	failed   int64            // guarded by mu
	sampled  int64            // guarded by mu: of them, up to the last sample
	causes   map[string]Cause // guarded by mu
}

func newStage(order int) *Stage {
	return &Stage{order: order, past: NewLatency(), interval: NewLatency(), causes: map[string]Cause{}}
}

// Done records a success. Its latency counts from the moment when it should have
// begun.
func (s *Stage) Done(intended, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.interval.Record(now.Sub(intended))
}

// Fail records a failure. The cause is one of few, such as "timeout" or a code of
// the server's; the example tells the whole story.
func (s *Stage) Fail(cause string, example error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed++
	c, known := s.causes[cause]
	if !known && len(s.causes) >= mostCauses {
		cause = Other
		c, known = s.causes[cause]
	}
	if !known && example != nil {
		c.Example = example.Error()
	}
	c.Count++
	s.causes[cause] = c
}

// sample ends the interval and tells what happened in it.
func (s *Stage) sample() StageSample {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := StageSample{
		Done: s.interval.Count(), Failed: s.failed - s.sampled,
		P50: s.interval.Quantile(0.50), P95: s.interval.Quantile(0.95), P99: s.interval.Quantile(0.99),
		Max: s.interval.Max(),
	}
	if now.Done > 0 {
		s.past.Merge(s.interval)
		s.interval.reset()
	}
	s.sampled = s.failed
	return now
}

// record is all of the stage so far.
func (s *Stage) record() StageRecord {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := NewLatency()
	all.Merge(s.past)
	all.Merge(s.interval)
	causes := make(map[string]Cause, len(s.causes))
	for name, c := range s.causes {
		causes[name] = c
	}
	return StageRecord{Order: s.order, Failed: s.failed, Causes: causes, Latency: all}
}
