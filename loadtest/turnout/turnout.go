package turnout

import (
	"sync/atomic"
	"time"

	"parley/loadtest/measure"
	"parley/loadtest/target"
)

// Record is where a load's sockets are counted.
type Record struct {
	// static
	run                 *measure.Recorder
	connect, back, stay *measure.Stage
	resumes, afresh     *atomic.Int64

	open atomic.Int64
}

// New makes a record without sockets in a run's.
func New(r *measure.Recorder) *Record {
	return &Record{
		run: r, connect: r.Stage("connect"), back: r.Stage("return"), stay: r.Stage("stay"),
		resumes: r.Counter("resumes"), afresh: r.Counter("afresh"),
	}
}

// Open is how many sockets are open.
func (c *Record) Open() int { return int(c.open.Load()) }

func (c *Record) move(by int64) {
	c.open.Add(by)
	c.run.Move("sockets", by)
}

// Welcomed counts a socket that opened: again tells that its client has had one
// before, resumed that it has its session back, asked when it was to open.
func (c *Record) Welcomed(again, resumed bool, asked, at time.Time) {
	c.move(1)
	switch {
	case !again:
		c.connect.Done(asked, at)
		return
	case resumed:
		c.resumes.Add(1)
	default:
		c.afresh.Add(1)
	}
	c.back.Done(asked, at)
}

// Dropped counts a socket that the load itself lost.
func (c *Record) Dropped() { c.move(-1) }

// Gone counts a socket that ended if it was open, or that did not open. err is nil
// for one that left.
func (c *Record) Gone(err error, was, again bool) {
	if was {
		c.move(-1)
	}
	switch {
	case err == nil:
	case was:
		c.stay.Fail(target.Cause(err), err)
	case again:
		c.back.Fail(target.Cause(err), err)
	default:
		c.connect.Fail(target.Cause(err), err)
	}
}

// Close counts the sockets that were cut at the end; others may have sockets of
// their own.
func (c *Record) Close() { c.move(-c.open.Load()) }
