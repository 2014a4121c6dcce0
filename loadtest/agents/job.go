package agents

import (
	"context"
	"sync"
	"time"

	"parley/loadtest/measure"
	"parley/loadtest/pause"
	"parley/loadtest/report"
	"parley/loadtest/run"
	"parley/loadtest/target"
)

// job is a run on an agent.
type job struct {
	// static
	id     string
	tool   report.Tool
	load   run.Load
	target *target.Target
	end    context.CancelFunc // ends the load, if it has begun
	over   <-chan struct{}    // closed by end
	ended  chan struct{}      // closed when all of it is over
	starts chan time.Duration // in how long; holds one
	alive  *time.Timer        // ends the load unless it is renewed

	mu     sync.Mutex
	record *measure.Recorder // guarded by mu; nil: it has not begun
	result report.Report     // guarded by mu: when it is over
	err    error             // guarded by mu: likewise, why it could not run
}

func newJob(ctx context.Context, id string, tool report.Tool, load run.Load, t *target.Target) *job {
	ctx, end := context.WithCancel(ctx)
	j := &job{
		id: id, tool: tool, load: load, target: t, end: end, over: ctx.Done(),
		ended: make(chan struct{}), starts: make(chan time.Duration, 1), alive: time.AfterFunc(lease, end),
	}
	go j.work(ctx)
	return j
}

// renew puts the end off: the coordinator is there.
func (j *job) renew() { j.alive.Reset(lease) }

// begin lets the load run in so long; only the first call counts.
func (j *job) begin(in time.Duration) {
	select {
	case j.starts <- in:
	default:
	}
}

// free reports whether the run is over, and its coordinator done with it or gone.
func (j *job) free() bool {
	select {
	case <-j.ended:
	default:
		return false
	}
	select {
	case <-j.over:
		return true
	default:
		return false
	}
}

// work waits for the start, and runs the load.
func (j *job) work(ctx context.Context) {
	defer close(j.ended)
	defer j.target.Close()
	var in time.Duration
	select {
	case in = <-j.starts:
	case <-ctx.Done():
		return
	}
	if !pause.For(ctx, in) {
		return
	}
	r := measure.New(time.Now())
	j.mu.Lock()
	j.record = r
	j.mu.Unlock()
	result, err := run.Do(ctx, run.Config{Tool: j.tool}, j.load, j.target, r)
	j.mu.Lock()
	j.result, j.err = result, err
	j.mu.Unlock()
}

// state is how the run stands, with the series from its nth sample.
func (j *job) state(after int) (s state) {
	select {
	case <-j.ended:
		s.Over = true
	default:
	}
	j.mu.Lock()
	r := j.record
	s.Client, s.Stopped = j.result.Client, j.result.Stopped
	if j.err != nil {
		s.Failed = j.err.Error()
	}
	j.mu.Unlock()
	if r == nil {
		s.Stopped = s.Over
		return s
	}
	s.Recorded = r.Snapshot()
	s.Recorded.Series = s.Recorded.Series[min(after, len(s.Recorded.Series)):]
	return s
}
