package cluster

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/protocol"
)

// Struck is a strike and when it was.
type Struck struct {
	Strike
	Span
}

// Report tells what a run was.
type Report struct {
	Seed     uint64
	Took     time.Duration
	Lines    int
	Counts   map[string]int
	Strikes  []Struck
	Healed   []time.Duration // by strike
	Slowest  time.Duration   // from the first sending of a message to its acknowledgement
	Settling time.Duration   // after the last strike
}

// NewReport counts.
func NewReport(seed uint64, t Trial, strikes []Struck) Report {
	r := Report{Seed: seed, Lines: len(t.Lines), Counts: make(map[string]int), Strikes: strikes}
	for _, l := range t.Lines {
		r.count(l)
		r.Took = max(r.Took, l.end())
	}
	for i, s := range strikes {
		next := forever
		if i+1 < len(strikes) {
			next = strikes[i+1].From
		}
		r.Healed = append(r.Healed, healed(t, s.To, next))
	}
	return r
}

func (r *Report) count(l Line) {
	sent := make(map[said]time.Duration)
	for _, e := range l.Events {
		switch f := e.Fact.(type) {
		case Welcomed:
			r.Counts["sockets"]++
			if f.Resumed {
				r.Counts["sessions resumed"]++
			}
		case Posted:
			sent[said{f.Room, f.ClientID}] = e.At
		case Stored:
			r.Counts["messages acknowledged"]++
			r.Slowest = max(r.Slowest, e.At-sent[said{f.Room, f.ClientID}])
		case Shown:
			r.Counts["messages shown"]++
		case Joined:
			r.Counts["calls joined"]++
		case Signaled:
			r.Counts["signals sent"]++
		case Heard:
			r.Counts["signals heard"]++
		case Answered:
			r.Counts[answerName(f)]++
		case PeerLeft:
			r.Counts["user_left: "+string(f.Reason)]++
		}
	}
}

func answerName(a Answered) string {
	if a.Delivery == "" {
		return "signals refused: " + string(a.Code)
	}
	if a.Delivery == protocol.Queued {
		return "signals queued"
	}
	return "signals delivered"
}

// healed is how long after a strike's end it took until all had a socket who were
// without one, and all messages were acknowledged that were not; as far as that was
// before the next strike.
func healed(t Trial, from, next time.Duration) (took time.Duration) {
	for _, l := range t.Lines {
		open, socketless := make(map[said]bool), false
		for _, e := range l.Events {
			if e.At > next {
				break
			}
			switch f := e.Fact.(type) {
			case Posted:
				if e.At <= from {
					open[said{f.Room, f.ClientID}] = true
				}
			case Stored:
				if open[said{f.Room, f.ClientID}] && e.At > from {
					took = max(took, e.At-from)
				}
				delete(open, said{f.Room, f.ClientID})
			case Lost:
				socketless = socketless || e.At <= from
			case Welcomed:
				if socketless && e.At > from {
					took = max(took, e.At-from)
				}
				socketless = false
			}
		}
	}
	return took
}

// String implements fmt.Stringer.
func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d: %d clients, %.0fs, %d strikes; settled after %.1fs; slowest acknowledgement %.1fs\n",
		r.Seed, r.Lines, r.Took.Seconds(), len(r.Strikes), r.Settling.Seconds(), r.Slowest.Seconds())
	var names []string
	for name := range r.Counts {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprintf(&b, "  %7d %s\n", r.Counts[name], name)
	}
	for i, s := range r.Strikes {
		fmt.Fprintf(&b, "  %6.1fs %s; healed after %.1fs\n", s.From.Seconds(), s.Strike, r.Healed[i].Seconds())
	}
	return b.String()
}
