package room

import (
	"time"

	"parley/edge"
)

// away is what a line keeps while frames do not go to a socket: it has none, or
// the new one is not welcomed yet. It belongs to the line's shard.
type away struct {
	first  int           // frames behind the last welcome that are not kept: the client has them, or they are lost
	frames []*edge.Frame // the frames that follow, held
	weight int           // of these
	torn   bool          // some could not be kept: none are, and the client starts afresh

	written int // so many of frames were written, the first: the client may have them

	by    *past       // the welcome that the client has come back with, once it has
	until time.Time   // when the client is given up, if it has no socket
	timer *time.Timer // nil: the others were not told
}

// add keeps a frame. Past a bound, the session's or the node's, the oldest that
// the client may have make room, for it says on its return which it has; where
// they do not suffice nothing is kept.
func (a *away) add(f *edge.Frame, sh *shard) {
	if a.torn {
		return
	}
	for ; !a.admits(f, sh); a.forget(1, sh) {
		if a.written == 0 {
			sh.hub.cfg.Meter.Torn()
			a.drop(sh)
			a.torn = true
			return
		}
	}
	f.Hold()
	a.frames = append(a.frames, f)
	a.weight += f.Weight()
}

// admits takes from the node's allowance if the frame fits the bounds too.
func (a *away) admits(f *edge.Frame, sh *shard) bool {
	bounds, n := &sh.hub.cfg.Resume, f.Weight()
	return (bounds.Frames == 0 || len(a.frames) < bounds.Frames) &&
		(bounds.Bytes == 0 || a.weight+n <= bounds.Bytes) &&
		sh.hub.kept.Take(n)
}

// forget lets the n oldest go.
func (a *away) forget(n int, sh *shard) {
	a.release(a.frames[:n], sh)
	a.first, a.frames, a.written = a.first+n, a.frames[n:], max(0, a.written-n)
}

// rewind drops what the client has: n frames behind its last welcome, or with
// less than none all that is not kept. It reports false if there is a hole, or
// the client claims what it was never sent.
func (a *away) rewind(n int, sh *shard) bool {
	if n < 0 {
		n = a.first
	}
	had := n - a.first
	if a.torn || had < 0 || had > len(a.frames) {
		return false
	}
	a.forget(had, sh)
	return true
}

// play sends what is kept to the line's new socket.
func (a *away) play(l *line) {
	sh := l.shard
	if a.timer != nil {
		a.timer.Stop()
		sh.hub.cfg.Meter.Suspended(-1)
	}
	for _, f := range a.frames {
		l.Send(f)
	}
	a.drop(sh)
}

func (a *away) drop(sh *shard) {
	a.release(a.frames, sh)
	a.frames, a.written = nil, 0
}

func (a *away) release(frames []*edge.Frame, sh *shard) {
	for _, f := range frames {
		n := f.Weight()
		a.weight -= n
		sh.hub.kept.Give(n)
		f.Release(sh.edge)
	}
}
