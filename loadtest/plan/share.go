package plan

import (
	"fmt"
	"net/netip"

	"parley/loadtest/audience"
	"parley/loadtest/calls"
	"parley/loadtest/chat"
)

func (p Plan) calls(c calls.Config) (Load, error) {
	all := c
	c.Calls, c.Concurrency, c.Rate = p.Share.Count(c.Calls), p.Share.Count(c.Concurrency), p.Share.Rate(c.Rate)
	if all.Calls > 0 && c.Calls == 0 || all.Concurrency > 0 && c.Concurrency == 0 {
		return nil, fmt.Errorf("plan: %d calls, %d of them at once, are too few for %d machines", all.Calls, all.Concurrency, p.Share.Of)
	}
	return calls.New(c)
}

// chat shares rooms, and everything else as these: a room is on one machine, which
// sees all that is said there.
func (p Plan) chat(o chat.Options, sources []netip.Addr) (Load, error) {
	rooms := p.Share.Count(o.Rooms)
	if rooms <= 0 {
		return nil, fmt.Errorf("plan: %d rooms are too few for %d machines", o.Rooms, p.Share.Of)
	}
	before := p.Share.Before(o.Rooms)
	o.Sockets = o.Sockets*(before+rooms)/o.Rooms - o.Sockets*before/o.Rooms
	o.Rate *= float64(rooms) / float64(o.Rooms)
	o.Users = max(2, p.Share.Count(o.Users))
	o.OpenRate = p.Share.Rate(o.OpenRate)
	o.Rooms = rooms
	if len(sources) > 0 {
		o.Sources = sources
	}
	return chat.New(o)
}

func (p Plan) audience(o audience.Options, sources []netip.Addr) audience.Options {
	o.Sockets, o.OpenRate = p.Share.Count(o.Sockets), p.Share.Rate(o.OpenRate)
	o.Users = max(1, p.Share.Count(o.Users))
	if len(sources) > 0 {
		o.Sources = sources
	}
	return o
}
