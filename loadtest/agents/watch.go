package agents

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/loadtest/measure"
)

// watch asks an agent how it stands, each second, until its load has ended. If ctx
// ends the agent is told to end it, and still asked what it did. after is when its
// load began, in the run's time.
func (m *member) watch(ctx context.Context, r *measure.Recorder, after measure.Seconds) {
	asking, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	tick := time.NewTicker(pulse)
	defer tick.Stop()
	stop := ctx.Done()
	for heard := time.Now(); ; {
		select {
		case <-tick.C:
		case <-stop:
			stop = nil
			m.end(ctx)
			defer time.AfterFunc(partingTime, cancel).Stop()
		}
		s, err := m.state(asking)
		switch {
		case err == nil:
			heard = time.Now()
			m.take(s, r, after)
			if !s.Over {
				continue
			}
			if s.Stopped && stop != nil {
				m.lost(r, heard, errLeft)
			}
			m.finish(ctx, s, r)
			return
		case forgotten(err), time.Since(heard) > lease, asking.Err() != nil:
			m.lost(r, heard, err)
			return
		}
	}
}

// errLeft is an agent that nobody has told to end its load.
var errLeft = errors.New("it has ended its load itself: it was told to, or had not been asked for too long")

// lost notes that the agent did not do all of its share.
func (m *member) lost(r *measure.Recorder, heard time.Time, err error) {
	m.fate.Gone = fmt.Sprintf("since %s: %v", heard.Sub(r.Snapshot().Started).Round(time.Second), err)
	r.Count(CountGone, 1)
}

// take keeps what the agent has recorded, in the run's time.
func (m *member) take(s state, r *measure.Recorder, after measure.Seconds) {
	m.samples += len(s.Recorded.Series)
	for i := range s.Recorded.Series {
		s.Recorded.Series[i].At += after
	}
	r.Adopt(m.address, s.Recorded)
}

// finish notes how the agent fared, and lets it go.
func (m *member) finish(ctx context.Context, s state, r *measure.Recorder) {
	m.fate.Client, m.fate.Failed = s.Client, s.Failed
	if s.Failed != "" {
		r.Count(CountFailed, 1)
	}
	m.end(ctx)
}
