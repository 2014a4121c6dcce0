package cluster

import (
	"fmt"
	"slices"
	"time"

	"parley/protocol"
)

// Line is one client: a socket for one channel of one room, or for everything, and
// those that came after it.
type Line struct {
	Name   string
	User   int64
	Chats  []int64 // the rooms in whose chat it is
	Calls  []int64 // the rooms to whose call it is connected
	Events []Event // in the order of their times
}

// Trial is all that is known of a run.
type Trial struct {
	Lines     []Line
	Histories map[int64][]protocol.Message   // by room, oldest first, as stored in the end
	Answers   map[int64][]protocol.CallState // by room, of each node in the end
	Outages   []Span                         // when nodes could not know of each other
	Terms     Terms
}

// Terms are what the nodes were told.
type Terms struct {
	Lease  time.Duration // how long a node that says nothing counts as alive
	Window time.Duration // how long a lost session may be resumed
	Slack  time.Duration // how late a busy machine may be
	MostIn int           // peers in one call
}

// Patience is how long somebody who is gone may be shown.
func (t Terms) Patience() time.Duration { return t.Lease + t.Window + t.Slack }

// Span is a time in the run.
type Span struct{ From, To time.Duration }

// meets tells whether the span has a part of [from, to].
func (s Span) meets(from, to time.Duration) bool { return s.From <= to && from <= s.To }

// within is how much of the span lies in [from, to].
func (s Span) within(from, to time.Duration) time.Duration {
	return max(0, min(s.To, to)-max(s.From, from))
}

// Violation is a promise that was not kept.
type Violation struct {
	Rule string
	Line string // whose events show it; empty: no single one's
	At   time.Duration
	What string
}

// String implements fmt.Stringer.
func (v Violation) String() string {
	if v.Line == "" {
		return fmt.Sprintf("%s: %s", v.Rule, v.What)
	}
	return fmt.Sprintf("%s: %s at %.3fs: %s", v.Rule, v.Line, v.At.Seconds(), v.What)
}

// Judge tells what must never be and was, whenever it is asked.
func Judge(t Trial) []Violation {
	return slices.Concat(
		judgeHistory(t), judgeOrder(t), judgeEnds(t), judgeLeaves(t), judgeCrowds(t), judgeSignals(t), judgeEpochs(t), judgeGhosts(t),
	)
}

// Unsettled tells what must come to hold once nothing fails any more, and does not
// yet: then all are connected and have seen and agree on all.
func Unsettled(t Trial) []Violation {
	return slices.Concat(unconnected(t), unseen(t), disagreements(t), unheard(t))
}
