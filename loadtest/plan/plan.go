package plan

import (
	"context"
	"errors"
	"fmt"
	"net/netip"

	"parley/loadtest/calls"
	"parley/loadtest/chat"
	"parley/loadtest/idle"
	"parley/loadtest/measure"
	"parley/loadtest/scenario"
	"parley/loadtest/storm"
	"parley/loadtest/target"
)

// Plan is a load of one kind, and the share of it that is to be run.
type Plan struct {
	Calls *calls.Config      `json:"calls,omitempty"`
	Chat  *chat.Options      `json:"chat,omitempty"`
	Idle  *idle.Options      `json:"idle,omitempty"`
	Storm *storm.Options     `json:"storm,omitempty"`
	Mixed *scenario.Scenario `json:"mixed,omitempty"`

	Share scenario.Share `json:"share"`
}

// Load is what a plan becomes, as run.Load.
type Load interface {
	Run(ctx context.Context, t *target.Target, r *measure.Recorder) error
}

var errNone = errors.New("plan: it has no load that is known here")

// Of is the plan of a load with these options.
func Of(options any) (Plan, error) {
	switch o := options.(type) {
	case calls.Config:
		return Plan{Calls: &o}, nil
	case chat.Options:
		return Plan{Chat: &o}, nil
	case idle.Options:
		return Plan{Idle: &o}, nil
	case storm.Options:
		return Plan{Storm: &o}, nil
	case scenario.Scenario:
		return Plan{Mixed: &o}, nil
	}
	return Plan{}, fmt.Errorf("%w: %T", errNone, options)
}

// Load makes the share of the load, with sockets from these local addresses if there
// are any; or it says what is wrong with the plan.
func (p Plan) Load(sources []netip.Addr) (Load, error) {
	if p.Share.Of < 0 || p.Share.Index < 0 || p.Share.Index >= max(p.Share.Of, 1) {
		return nil, fmt.Errorf("plan: there is no share %d of %d", p.Share.Index, p.Share.Of)
	}
	switch {
	case p.Calls != nil:
		return p.calls(*p.Calls)
	case p.Chat != nil:
		return p.chat(*p.Chat, sources)
	case p.Idle != nil:
		o := *p.Idle
		o.Options = p.audience(o.Options, sources)
		return idle.New(o)
	case p.Storm != nil:
		o := *p.Storm
		o.Options = p.audience(o.Options, sources)
		return storm.New(o)
	case p.Mixed != nil:
		return scenario.New(*p.Mixed, p.Share, sources)
	}
	return nil, errNone
}
