package run

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"parley/loadtest/health"
	"parley/loadtest/measure"
	"parley/loadtest/report"
	"parley/loadtest/target"
)

// Load is something that runs until its time is over or ctx ends; it records what it
// does, and returns an error only if it could not run at all.
type Load interface {
	Run(ctx context.Context, t *target.Target, r *measure.Recorder) error
}

// Fleet is a load that runs on other machines.
type Fleet interface {
	Load

	// Agents tells of them, when the load has ended.
	Agents() []report.Agent
}

// Viewer is shown each sample.
type Viewer interface{ Show(s measure.Sample) }

// Config is what a run is besides its load.
type Config struct {
	Tool     report.Tool
	Name     string // of the load
	Options  any    // the load's, for the report
	Rules    []report.Rule
	Defaults []report.Rule // rules of the load's own, beside those about faults
	Viewer   Viewer        // nil: nobody watches
}

// pulse is the time from one sample to the next.
const pulse = time.Second

// Do runs a load to its end, or to that of ctx, and makes the report of what was
// done. It fails only if the load could not run; there is a report even then.
func Do(ctx context.Context, cfg Config, load Load, t *target.Target, r *measure.Recorder) (report.Report, error) {
	options, err := json.Marshal(cfg.Options)
	if err != nil {
		return report.Report{}, fmt.Errorf("run: options: %w", err)
	}
	start := time.Now()
	out := report.Report{
		Tool: cfg.Tool, Load: cfg.Name, Options: options, Target: t.URLs(), Started: start,
	}
	watching, stop := context.WithCancel(context.WithoutCancel(ctx))
	watch := health.Start(start)
	var watchers sync.WaitGroup
	watchers.Go(func() { sample(watching, cfg.Viewer, watch, r) })
	if t.Watched() {
		watchers.Go(func() { out.Server = scrape(watching, t, start) })
	}
	err = load.Run(ctx, t, r)
	out.Elapsed = measure.Seconds(time.Since(start).Seconds())
	out.Stopped = ctx.Err() != nil
	stop()
	watchers.Wait()

	out.Client = watch.Stop()
	if fleet, ok := load.(Fleet); ok {
		out.Agents = fleet.Agents()
	}
	out.Recorded = r.Snapshot()
	out.Judge(cfg.Rules, report.Defaults(cfg.Rules, cfg.Defaults...))
	if out.Stopped {
		err = nil // it was stopped, whatever that has led to
	}
	return out, err
}

// sample takes samples until ctx ends, and then the last one.
func sample(ctx context.Context, viewer Viewer, watch *health.Watch, r *measure.Recorder) {
	tick := time.NewTicker(pulse)
	defer tick.Stop()
	for over := false; !over; {
		select {
		case <-tick.C:
		case <-ctx.Done():
			over = true
		}
		now := time.Now()
		watch.Sample(now)
		if s := r.Sample(now); viewer != nil {
			viewer.Show(s)
		}
	}
}

// scrape reads the nodes' metrics until ctx ends, and then once more. A reading that
// fails is left out: a node under load may be slow to answer.
func scrape(ctx context.Context, t *target.Target, start time.Time) (series []report.ServerSample) {
	tick := time.NewTicker(pulse)
	defer tick.Stop()
	for over := false; !over; {
		if metrics, err := t.Scrape(context.WithoutCancel(ctx)); err == nil {
			at := measure.Seconds(time.Since(start).Seconds())
			series = append(series, report.ServerSample{At: at, Metrics: telling(metrics)})
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			over = true
		}
	}
	return series
}
