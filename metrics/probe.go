package metrics

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"
)

// probe runs one Check. A Check that ignores its context costs one goroutine,
// however often it is asked.
type probe struct {
	// Static after construction.
	check Check

	running atomic.Bool
}

// run returns the check's answer, or an error once ctx is done.
func (p *probe) run(ctx context.Context) checkResult {
	if !p.running.CompareAndSwap(false, true) {
		return p.result(errHung, 0)
	}
	start := time.Now()
	answer := make(chan error, 1)
	go func() {
		err := p.call(ctx)
		p.running.Store(false)
		answer <- err
	}()
	select {
	case err := <-answer:
		return p.result(err, time.Since(start))
	case <-ctx.Done():
		return p.result(fmt.Errorf("no answer within %v", probeTimeout), time.Since(start))
	}
}

// call turns a panic into an error: a broken probe makes a node not ready, and
// must not end it.
func (p *probe) call(ctx context.Context) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("the probe panicked: %v", v)
		}
	}()
	return p.check.Probe(ctx)
}

func (p *probe) result(err error, took time.Duration) checkResult {
	r := checkResult{
		Name:     p.check.Name,
		OK:       err == nil,
		Optional: p.check.Optional,
		MS:       float64(took.Microseconds()) / 1000,
	}
	if err != nil {
		r.Error = err.Error()
	}
	return r
}
