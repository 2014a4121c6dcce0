package calls

import (
	"context"
	"fmt"
	"time"

	"parley/loadtest/measure"
	"parley/protocol"
)

// wire is the way from one actor to another; signals on it are numbered. One
// goroutine at a time uses it.
type wire struct {
	*call
	from, to *actor

	last    int // the number of the last signal that was sent
	highest int // of those that came
}

// pass sends signals one after the other and awaits them at the other end: unchanged,
// once, in order. A delivery that differs is the server's fault, and so is one that
// never comes as long as both sessions live.
func (w *wire) pass(ctx context.Context, due time.Time, t protocol.Type, out ...signal) error {
	step, cancel := w.step(ctx)
	defer cancel()
	missing := map[int]signal{}
	for _, s := range out {
		w.last++
		s.N, s.Target = w.last, w.to.peerID
		missing[s.N] = s
		if err := w.from.session.Post(t, s); err != nil {
			return w.fail(ctx, StageRelay, err)
		}
	}
	inbox := w.to.from(w.from.peerID)
	for len(missing) > 0 {
		select {
		case in := <-inbox:
			if w.judge(t, missing, in) {
				w.r.Stage(StageRelay).Done(due, time.Now())
			}
		case <-w.from.done:
			return w.fail(ctx, StageRelay, w.from.session.Err())
		case <-w.to.done:
			return w.fail(ctx, StageRelay, w.to.session.Err())
		case <-step.Done():
			for n := range missing {
				if ctx.Err() == nil {
					w.fault(measure.Lost, t, n)
				}
			}
			return w.fail(ctx, StageRelay, step.Err())
		}
	}
	return nil
}

// judge takes a signal that came, and reports whether it was waited for.
func (w *wire) judge(t protocol.Type, missing map[int]signal, in signal) bool {
	out, waited := missing[in.N]
	switch {
	case !waited:
		w.fault(measure.Doubled, t, in.N)
		return false
	case in.N < w.highest:
		w.fault(measure.Reordered, t, in.N)
	case in.SDP != out.SDP || string(in.Candidate) != string(out.Candidate):
		w.fault(measure.Forged, t, in.N)
	}
	w.highest = max(w.highest, in.N)
	delete(missing, in.N)
	return true
}

func (w *wire) fault(kind measure.FaultKind, t protocol.Type, n int) {
	w.r.Fault(kind, fmt.Sprintf("room %d: %s, signal %d from %s to %s", w.room.id, t, n, w.from.peerID, w.to.peerID))
}
