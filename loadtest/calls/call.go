package calls

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/loadtest/client"
	"parley/loadtest/measure"
	"parley/loadtest/target"
	"parley/protocol"
)

// call is one call.
type call struct {
	cfg      Config
	r        *measure.Recorder
	room     room
	intended time.Time // when it should have begun
	twists   twists
}

// party is who takes part in a call. Each step records its stages and returns the
// first failure; connect also when the last was connected.
type party interface {
	join(ctx context.Context) error
	connect(ctx context.Context) (time.Time, error)
	hold(ctx context.Context) error
	leave(ctx context.Context)
}

// leaveTime is what leaving may take, even when the run is over.
const leaveTime = 10 * time.Second

// run makes the call. When ctx ends it is cut short, which is no failure.
func (c *call) run(ctx context.Context, p party) {
	c.r.Move(gaugeCalls, 1)
	defer c.r.Move(gaugeCalls, -1)
	connected, err := c.through(ctx, p)

	leaving, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaveTime)
	defer cancel()
	p.leave(leaving)

	var failure *failure
	switch {
	case errors.As(err, &failure):
		c.r.Stage(StageCall).Fail(failure.stage+": "+target.Cause(failure.err), err)
	case connected.IsZero():
		c.r.Count(CountStopped, 1)
	default:
		c.r.Stage(StageCall).Done(c.intended, connected)
	}
}

func (c *call) through(ctx context.Context, p party) (connected time.Time, err error) {
	if err := p.join(ctx); err != nil {
		return time.Time{}, err
	}
	connected, err = p.connect(ctx)
	if err != nil {
		return time.Time{}, err
	}
	return connected, p.hold(ctx)
}

// failure is a stage's.
type failure struct {
	stage string
	err   error
}

func (f *failure) Error() string { return fmt.Sprintf("%s: %v", f.stage, f.err) }
func (f *failure) Unwrap() error { return f.err }

// errStopped is what steps return when the run was stopped meanwhile.
var errStopped = errors.New("calls: stopped")

// fail records that a stage failed in the call of ctx, unless it did because the
// run was stopped or another step of the call has failed before.
func (c *call) fail(ctx context.Context, stage string, err error) error {
	if ctx.Err() != nil {
		return errStopped
	}
	err = fmt.Errorf("room %d: %w", c.room.id, err)
	c.r.Stage(stage).Fail(target.Cause(err), err)
	return &failure{stage, err}
}

// step bounds what one step may take.
func (c *call) step(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, c.cfg.Patience)
}

// hangUp leaves the call and closes the session.
func (c *call) hangUp(ctx context.Context, s *client.Session) {
	defer c.r.Move(gaugeSockets, -1)
	began := time.Now()
	if _, err := s.Request(ctx, protocol.TypeLeaveCall, nil); err != nil {
		c.r.Stage(StageLeave).Fail(target.Cause(err), err)
	} else {
		c.r.Stage(StageLeave).Done(began, time.Now())
	}
	_ = s.Close() // one that was lost cannot be closed in good order
}
