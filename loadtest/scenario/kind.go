package scenario

import (
	"context"
	"time"

	"parley/loadtest/audience"
	"parley/loadtest/calls"
	"parley/loadtest/chat"
	"parley/loadtest/idle"
	"parley/loadtest/measure"
	"parley/loadtest/storm"
	"parley/loadtest/target"
)

// kind is one of the kinds of load that there are.
type kind struct {
	name   string
	rules  []string // that hold unless the scenario has others about the same
	weight func(Weights) float64
	make   func(layer) (made, error) // nil: the scenario has none of this kind
}

// made is a layer that can run.
type made struct {
	users int // that it needs
	load  load
}

// load is what runs, as run.Load.
type load interface {
	Run(ctx context.Context, t *target.Target, r *measure.Recorder) error
}

func (s Scenario) kinds() []kind {
	list := []kind{
		{name: "calls", rules: calls.Rules(), weight: func(w Weights) float64 { return w.Calls }},
		{name: "chat", rules: chat.Rules(), weight: func(w Weights) float64 { return w.Chat }},
		{name: "idle", rules: idle.Rules(), weight: func(w Weights) float64 { return w.Idle }},
		{name: "storm", rules: storm.Rules(), weight: func(w Weights) float64 { return w.Storm }},
	}
	if s.Loads.Calls != nil {
		list[0].make = s.Loads.Calls.layer
	}
	if s.Loads.Chat != nil {
		list[1].make = s.Loads.Chat.layer
	}
	if s.Loads.Idle != nil {
		list[2].make = s.Loads.Idle.layer
	}
	if s.Loads.Storm != nil {
		list[3].make = s.Loads.Storm.layer
	}
	return list
}

func (c *Calls) layer(l layer) (made, error) {
	cfg := calls.Config{
		Duration: l.length, Ramp: l.ramp, Rate: l.rate(c.Rate), Size: c.Size,
		Hold: c.Hold, Ping: c.Ping, Patience: c.Patience, Media: c.Media && !c.SignalingOnly, RelayOnly: c.RelayOnly,
		Trickle: c.TrickleDelay, Glare: c.Glare, Restarts: c.ICERestarts, Cuts: c.Cuts, Signaling: c.SignalingOnly,
	}
	if c.Concurrency > 0 {
		cfg.Concurrency = max(1, l.of(c.Concurrency))
	}
	run, err := calls.New(cfg)
	if err != nil {
		return made{}, err
	}
	full := run.Config()
	return made{users: full.Size * full.Concurrency, load: run}, nil
}

func (c *Chat) layer(l layer) (made, error) {
	rooms, sockets := l.of(c.Rooms), l.of(c.Sockets)
	if l.top-l.bottom < 1 { // little of a load is still one, whatever rounding makes of it
		rooms = max(1, rooms)
		sockets = max(2*rooms, sockets)
	}
	o := chat.Options{
		Sockets: sockets, Rooms: rooms, Zipf: c.Zipf, Users: l.people(c.Users), Rate: l.rate(c.Rate), Size: c.Size, Typing: c.Typing,
		Duration: stay(l), Slow: c.Slow, SlowFor: c.SlowFor, SlowEvery: c.SlowEvery,
		Reconnect: c.Reconnect, ReconnectEvery: c.ReconnectEvery, Away: c.Away, Late: c.Late, Lost: c.Lost,
		OpenRate: l.opening(sockets), AtOnce: c.AtOnce, Sources: l.sources,
	}
	run, err := chat.New(o)
	return made{users: o.Users, load: run}, err
}

func (i *Idle) layer(l layer) (made, error) {
	o := idle.Defaults()
	o.Options = listeners(l, i.Sockets, i.Users, i.RoomSize, i.AtOnce)
	o.Multiplexed, o.Hold, o.Unweighed = i.Multiplexed, stay(l), true
	run, err := idle.New(o)
	return made{users: o.Users, load: run}, err
}

func (s *Storm) layer(l layer) (made, error) {
	o := storm.Options{
		Options: listeners(l, s.Sockets, s.Users, s.RoomSize, s.AtOnce),
		Times:   s.Times, Calm: s.Calm, Spread: s.Spread, Patience: s.Patience,
	}
	run, err := storm.New(o)
	return made{users: o.Users, load: run}, err
}

// listeners are a layer's sockets at rest.
func listeners(l layer, sockets, users, roomSize, atOnce int) audience.Options {
	sockets = max(1, l.of(sockets))
	return audience.Options{
		Sockets: sockets, Users: min(l.people(users), sockets), RoomSize: roomSize, AtOnce: atOnce,
		OpenRate: l.opening(sockets), Sources: l.sources,
	}
}

// stay is how long a load lasts from when all are there.
func stay(l layer) time.Duration { return max(l.length-l.ramp, time.Second) }
