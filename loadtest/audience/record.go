package audience

import (
	"sync/atomic"

	"parley/loadtest/measure"
	"parley/loadtest/turnout"
)

// record is where an audience's events are counted.
type record struct {
	*turnout.Record

	// static
	alive          *measure.Stage
	pings, unheard *atomic.Int64
}

func newRecord(r *measure.Recorder) *record {
	return &record{
		Record: turnout.New(r), alive: r.Stage("alive"),
		pings: r.Counter("pings"), unheard: r.Counter("heartbeats_missed"),
	}
}
