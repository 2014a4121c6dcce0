package idle

import (
	"context"
	"errors"
	"time"

	"parley/loadtest/audience"
	"parley/loadtest/measure"
	"parley/loadtest/pause"
	"parley/loadtest/target"
)

// Options say who rests for how long.
type Options struct {
	audience.Options
	Hold      time.Duration // from when all are in
	Patience  time.Duration // for the answers to a last ping
	Unweighed bool          // what a socket costs is not to be known: others use the nodes too
}

// Defaults are a thousand sockets that see a heartbeat or two.
func Defaults() Options {
	return Options{Options: audience.Defaults(), Hold: time.Minute, Patience: 10 * time.Second}
}

// Rules are those that hold for sockets at rest unless others about the same are asked for.
func Rules() []string {
	return []string{"connect.success<0.999", "stay.failed>0", "alive.success<0.999", "heartbeats_missed>0"}
}

// Load is sockets at rest.
type Load struct{ options Options }

var errTimes = errors.New("idle: want times above 0")

// New checks the options.
func New(o Options) (*Load, error) {
	if o.Hold <= 0 || o.Patience <= 0 {
		return nil, errTimes
	}
	return &Load{options: o}, o.Validate()
}

// Run opens the sockets, holds them, asks each whether it still is one, and leaves.
func (l *Load) Run(ctx context.Context, t *target.Target, r *measure.Recorder) error {
	a, err := audience.New(ctx, t, r, l.options.Options)
	if err != nil {
		return err
	}
	defer a.Close()
	before, known := l.weigh(ctx, t, r)
	if !a.Enter(ctx) {
		return nil // what was done is reported
	}
	pause.For(ctx, l.options.Hold)
	ctx = context.WithoutCancel(ctx)
	if after, still := l.weigh(ctx, t, r); known && still && a.Here() > 0 {
		record(after.minus(before).each(a.Here()), r)
	}
	a.Unheard(time.Now())
	a.Check(ctx, l.options.Patience)
	return nil
}
