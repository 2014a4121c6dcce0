package metrics

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

const (
	// probeTimeout is how long a dependency may take to answer: shorter than a
	// scrape's and an orchestrator's own time-outs.
	probeTimeout = 2 * time.Second
	// probeEvery is how long an answer is good for, so that asking a node often
	// does not load what it depends on.
	probeEvery = time.Second
)

// errHung is reported while a probe has not returned from an earlier turn.
var errHung = errors.New("the probe does not return")

// Check is one thing that the node needs in order to serve. Probe returns why
// it is not usable; it should stop when ctx is done, and is never called twice
// at once. Without what is Optional the node serves less well, but is ready.
type Check struct {
	Name     string
	Optional bool
	Probe    func(ctx context.Context) error
}

// checkResult is a Check's answer as /readyz tells it.
type checkResult struct {
	Name     string  `json:"name"`
	OK       bool    `json:"ok"`
	Optional bool    `json:"optional,omitempty"`
	Error    string  `json:"error,omitempty"`
	MS       float64 `json:"ms"` // how long the probe took
}

// readiness asks the checks, at most once every probeEvery.
type readiness struct {
	// Static after construction.
	checks []*probe
	ready  *prometheus.Desc
	up     *prometheus.Desc

	draining atomic.Bool

	// Guarded by mu.
	mu      sync.Mutex
	asked   time.Time
	results []checkResult
}

func newReadiness(checks []Check) *readiness {
	r := &readiness{
		ready: prometheus.NewDesc("parley_ready",
			"1 if the node should be given work: it is not draining and all that it cannot serve without answers.", nil, nil),
		up: prometheus.NewDesc("parley_dependency_up",
			"1 if a dependency answered its readiness probe.", []string{"name"}, nil),
	}
	for _, c := range checks {
		r.checks = append(r.checks, &probe{check: c})
	}
	return r
}

// ask returns the checks' answers, in their order; the caller must not change
// them. It blocks for probeTimeout at most.
func (r *readiness) ask() []checkResult {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.results != nil && time.Since(r.asked) < probeEvery {
		return r.results
	}
	// The answers are shared, so they must not depend on who asked first.
	ctx, cancel := context.WithTimeout(context.Background(), probeTimeout)
	defer cancel()
	results := make([]checkResult, len(r.checks))
	var wg sync.WaitGroup
	for i, p := range r.checks {
		wg.Go(func() { results[i] = p.run(ctx) })
	}
	wg.Wait()
	r.results, r.asked = results, time.Now()
	return results
}

// isReady combines the answers with the draining state.
func (r *readiness) isReady(results []checkResult) bool {
	for _, c := range results {
		if !c.OK && !c.Optional {
			return false
		}
	}
	return !r.draining.Load()
}

// failing names the checks that failed.
func failing(results []checkResult) (names []string) {
	for _, c := range results {
		if !c.OK {
			names = append(names, c.Name)
		}
	}
	return names
}

// Describe implements prometheus.Collector.
func (r *readiness) Describe(ch chan<- *prometheus.Desc) {
	ch <- r.ready
	ch <- r.up
}

// Collect implements prometheus.Collector.
func (r *readiness) Collect(ch chan<- prometheus.Metric) {
	results := r.ask()
	ch <- prometheus.MustNewConstMetric(r.ready, prometheus.GaugeValue, oneIf(r.isReady(results)))
	for _, c := range results {
		ch <- prometheus.MustNewConstMetric(r.up, prometheus.GaugeValue, oneIf(c.OK), c.Name)
	}
}

func oneIf(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
