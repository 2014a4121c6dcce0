package chat

import (
	"sync/atomic"
	"time"

	"parley/loadtest/measure"
	"parley/loadtest/turnout"
	"parley/protocol"
)

// record is where a chat's events are counted.
type record struct {
	*turnout.Record

	// static
	run                                 *measure.Recorder
	send, deliver, typ                  *measure.Stage
	cuts, deliveries, messages, typings *atomic.Int64
}

func newRecord(r *measure.Recorder) *record {
	return &record{
		Record: turnout.New(r), run: r,
		send: r.Stage("send"), deliver: r.Stage("deliver"), typ: r.Stage("typing"),
		cuts: r.Counter("cuts"), deliveries: r.Counter("deliveries"),
		messages: r.Counter("messages"), typings: r.Counter("typings"),
	}
}

func (c *record) delivered(t protocol.Type, intended, at time.Time, timely bool) {
	c.deliveries.Add(1)
	switch {
	case !timely:
	case t == protocol.TypeTyping:
		c.typ.Done(intended, at)
	default:
		c.deliver.Done(intended, at)
	}
}
