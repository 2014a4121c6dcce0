package cluster

import (
	"math"
	"slices"
	"time"

	"parley/protocol"
)

// forever is the end of what has not ended.
const forever = time.Duration(math.MaxInt64)

// connected tells whether the line has a socket in the end.
func (l Line) connected() bool {
	for _, e := range slices.Backward(l.Events) {
		switch e.Fact.(type) {
		case Welcomed:
			return true
		case Lost, Departed:
			return false
		}
	}
	return false
}

// departed tells whether the line left for good.
func (l Line) departed() bool {
	for _, e := range slices.Backward(l.Events) {
		switch e.Fact.(type) {
		case Welcomed:
			return false
		case Departed:
			return true
		}
	}
	return false
}

func (l Line) end() time.Duration {
	if len(l.Events) == 0 {
		return 0
	}
	return l.Events[len(l.Events)-1].At
}

// sockets are the times in which the line had one.
func (l Line) sockets() (all []Span) {
	open := false
	for _, e := range l.Events {
		switch e.Fact.(type) {
		case Welcomed:
			if !open {
				all = append(all, Span{e.At, forever})
			}
			open = true
		case Lost, Departed:
			if open {
				all[len(all)-1].To = e.At
			}
			open = false
		}
	}
	return all
}

// membership is one stay of a line's in a call, from what it was told to when it
// left, or its session began afresh.
type membership struct {
	Span
	line int
	room int64
	user int64
	peer string
}

// memberships are all of a trial.
func memberships(t Trial) (all []membership) {
	for i, l := range t.Lines {
		open := make(map[int64]int) // by room, in all
		shut := func(room int64, at time.Duration) {
			if m, in := open[room]; in {
				all[m].To = at
				delete(open, room)
			}
		}
		for _, e := range l.Events {
			switch f := e.Fact.(type) {
			case Joined:
				if m, in := open[f.Room]; in && all[m].peer == f.Peer {
					continue
				}
				shut(f.Room, e.At)
				open[f.Room] = len(all)
				all = append(all, membership{Span{e.At, forever}, i, f.Room, l.User, f.Peer})
			case Leaving:
				shut(f.Room, e.At)
			case Departed, Shut, Welcomed:
				for _, room := range l.Calls {
					if ends(f, room) {
						shut(room, e.At)
					}
				}
			}
		}
	}
	return all
}

// ends tells whether a fact ends what a line was told of a room's call.
func ends(f Fact, room int64) bool {
	switch f := f.(type) {
	case Welcomed:
		return !f.Resumed
	case Shut:
		return f.Room == room && f.Channel == protocol.ChannelCall || f.Room == 0 && !f.Code.ComeBack()
	case Departed:
		return true
	}
	return false
}

// inCall tells whether a participant counts as a peer of the call.
func inCall(p protocol.CallParticipant) bool {
	return p.State == protocol.ParticipantActive || p.State == protocol.ParticipantSuspended
}

// clip cuts spans to those parts that lie in one.
func clip(spans []Span, to Span) (parts []Span) {
	for _, s := range spans {
		if s.meets(to.From, to.To) {
			parts = append(parts, Span{max(s.From, to.From), min(s.To, to.To)})
		}
	}
	return parts
}

// last is the last moment up to now that is in one of the spans.
func last(spans []Span, now time.Duration) (at time.Duration, ever bool) {
	for _, s := range spans {
		if s.From <= now && (!ever || min(s.To, now) > at) {
			at, ever = min(s.To, now), true
		}
	}
	return at, ever
}
