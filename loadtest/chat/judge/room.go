package judge

import (
	"fmt"
	"time"

	"parley/loadtest/measure"
)

// Witness hears of what a right server never does.
type Witness interface {
	Fault(kind measure.FaultKind, example string)
}

// Bounds are when a delivery is late, and when it is given up: from when it was
// sent, or from when who is to get it came back.
type Bounds struct {
	Late, Lost time.Duration
}

// Room is a room and all that is said in it: nobody else may speak there.
type Room struct {
	// static
	id      int64
	bounds  Bounds
	witness Witness

	members []*Member
	said    map[string]*utterance // by tag
	stored  *stream               // messages, by seq
	typings []*stream             // by the place of who types
}

// utterance is a message or a typing.
type utterance struct {
	tag       string
	from      *Member
	size      int       // of its content, in characters
	intended  time.Time // when it should have been sent
	sent      time.Time // when it was, at last
	attempts  int
	answered  uint64 // a bit for each attempt, of the first 64
	number    int64  // in its stream; 0: not known yet
	uncertain bool   // whether the server has it
	settled   bool   // it has been answered, or that was given up
}

// NewRoom makes a room without members.
func NewRoom(id int64, b Bounds, w Witness) *Room {
	return &Room{id: id, bounds: b, witness: w, said: map[string]*utterance{}, stored: newStream(kindMessage)}
}

func (r *Room) fault(kind measure.FaultKind, format string, args ...any) {
	r.witness.Fault(kind, fmt.Sprintf("room %d: ", r.id)+fmt.Sprintf(format, args...))
}

// Settled reports whether everything has been answered, and delivered to all who
// are there.
func (r *Room) Settled() bool {
	for _, u := range r.said {
		if !u.settled {
			return false
		}
	}
	for _, m := range r.members {
		if m.present && !m.complete() {
			return false
		}
	}
	return true
}

// Sweep tells what is overdue at a time, and forgets what is old. It is to be called
// every second or so.
func (r *Room) Sweep(now time.Time) {
	r.overdue(now)
	for tag, u := range r.said {
		if u.settled && now.Sub(u.sent) > 2*r.bounds.Lost {
			delete(r.said, tag)
			u.from.streamOf(u).forget(u)
		}
	}
}

// Finish tells what has not come, when no more is awaited.
func (r *Room) Finish(now time.Time) {
	r.overdue(now.Add(r.bounds.Lost + time.Nanosecond))
}

func (r *Room) overdue(now time.Time) {
	for _, u := range r.said {
		if !u.settled && u.from.present && now.Sub(later(u.sent, u.from.back)) > r.bounds.Lost {
			r.giveUp(u)
		}
	}
	for _, m := range r.members {
		if m.present {
			m.sweep(now)
		}
	}
}

func (r *Room) giveUp(u *utterance) {
	u.settled, u.uncertain = true, true
	delete(u.from.unsettled, u.tag)
	r.fault(measure.Lost, "the answer to %s of %s, sent %d times, never came", u.tag, u.from, u.attempts)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
