package storm

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/loadtest/audience"
	"parley/loadtest/measure"
	"parley/loadtest/pause"
	"parley/loadtest/target"
)

// Options say who is lost, and how often.
type Options struct {
	audience.Options
	Times    int           // storms, one after the other
	Calm     time.Duration // before each
	Spread   time.Duration // within which clients try again; 0: all at once
	Patience time.Duration // for all to be back
}

// Defaults are one storm of a thousand clients.
func Defaults() Options {
	return Options{Options: audience.Defaults(), Times: 1, Calm: time.Second, Patience: time.Minute}
}

// Rules are those that hold for storms unless others about the same are asked for.
func Rules() []string {
	return []string{"connect.success<0.999", "stay.failed>0", StageStorm + ".success<1", "alive.success<0.999", "afresh>0"}
}

// Load is storms.
type Load struct{ options Options }

// StageStorm is the stage of storms: from the loss of all until all are back.
const StageStorm = "storm"

var errTimes = errors.New("storm: want one storm or more, and times above 0")

// New checks the options.
func New(o Options) (*Load, error) {
	if o.Times < 1 || o.Patience <= 0 || o.Calm < 0 || o.Spread < 0 {
		return nil, errTimes
	}
	return &Load{options: o}, o.Validate()
}

// Run opens the sockets and drops them all, as often as asked, until ctx ends.
func (l *Load) Run(ctx context.Context, t *target.Target, r *measure.Recorder) error {
	a, err := audience.New(ctx, t, r, l.options.Options)
	if err != nil {
		return err
	}
	defer a.Close()
	if !a.Enter(ctx) {
		return nil // what was done is reported
	}
	for range l.options.Times {
		if !pause.For(ctx, l.options.Calm) {
			return nil
		}
		l.storm(ctx, a, r)
	}
	a.Check(context.WithoutCancel(ctx), l.options.Patience)
	return nil
}

// storm drops all and waits until all are back. Those who were away before are not
// waited for.
func (l *Load) storm(ctx context.Context, a *audience.Audience, r *measure.Recorder) {
	stage, began := r.Stage(StageStorm), time.Now()
	dropped := a.Drop(l.options.Spread)
	r.Count("cuts", int64(dropped))
	within, cancel := context.WithTimeout(ctx, l.options.Patience)
	defer cancel()
	switch err := pause.Poll(within, func() bool { return a.Here() >= dropped }); {
	case err == nil:
		stage.Done(began, time.Now())
	case ctx.Err() == nil:
		stage.Fail("not all are back", fmt.Errorf("storm: %d of %d are back after %s", a.Here(), dropped, l.options.Patience))
	}
}
