package calls

import (
	"context"
	"sync"
	"time"

	"parley/loadtest/measure"
	"parley/loadtest/target"
)

// Load is a load of calls.
type Load struct{ cfg Config }

// New makes a load, or says what is wrong with the configuration.
func New(cfg Config) (*Load, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	return &Load{cfg.complete()}, nil
}

// Config is the load's configuration with its defaults.
func (l *Load) Config() Config { return l.cfg }

// Run makes users and rooms, then calls, until all were made or ctx ends: those in
// progress then leave in good order. It fails only if there is nobody to call.
func (l *Load) Run(ctx context.Context, t *target.Target, r *measure.Recorder) error {
	rooms, err := prepare(ctx, l.cfg, t, r)
	if err != nil {
		return err
	}
	free := make(chan room, len(rooms))
	for _, one := range rooms {
		free <- one
	}
	script, err := readScript()
	if err != nil {
		return err
	}
	var calls sync.WaitGroup
	l.arrive(ctx, free, r, func(i int, intended time.Time, where room) {
		calls.Go(func() {
			defer func() { free <- where }()
			c := &call{cfg: l.cfg, r: r, room: where, intended: intended, twists: l.cfg.twists(i)}
			if l.cfg.Signaling {
				c.run(ctx, &replay{call: c, script: script})
			} else {
				c.run(ctx, &mesh{call: c, settings: settings(l.cfg, t)})
			}
		})
	})
	calls.Wait()
	return nil
}

// arrive begins calls at their times. One whose time has come while no room was free
// begins late, and that counts: it is what its users would have seen.
func (l *Load) arrive(ctx context.Context, free <-chan room, r *measure.Recorder, begin func(int, time.Time, room)) {
	start := time.Now()
	over := make(<-chan time.Time)
	if l.cfg.Duration > 0 {
		timer := time.NewTimer(l.cfg.Duration)
		defer timer.Stop()
		over = timer.C
	}
	for i := 0; l.cfg.Calls == 0 || i < l.cfg.Calls; i++ {
		var intended time.Time
		if l.cfg.Rate > 0 {
			after := l.cfg.arrival(i)
			if l.cfg.Duration > 0 && after >= l.cfg.Duration {
				return
			}
			intended = start.Add(after)
		}
		if !l.due(ctx, intended, over) {
			return
		}
		select {
		case where := <-free:
			if intended.IsZero() {
				intended = time.Now()
			}
			begin(i, intended, where)
		case <-over:
			if l.cfg.Rate > 0 {
				r.Count(CountUnbegun, max(0, l.cfg.due()-int64(i)))
			}
			return
		case <-ctx.Done():
			return
		}
	}
}

// due waits for a call's time; false if there are to be no more.
func (l *Load) due(ctx context.Context, intended time.Time, over <-chan time.Time) bool {
	timer := time.NewTimer(time.Until(intended))
	defer timer.Stop()
	select {
	case <-over:
		return false
	case <-ctx.Done():
		return false
	case <-timer.C:
		return ctx.Err() == nil
	}
}
