package cluster

import (
	"fmt"
	"time"

	"parley/protocol"
)

// signal is a frame to a peer and what became of it.
type signal struct {
	Signaled
	line     int
	at       time.Duration
	answer   *Answered
	expired  bool
	arrivals []arrival
}

type arrival struct {
	Heard
	line int
	at   time.Duration
}

// gather finds what belongs together, by N.
func gather(t Trial) map[int64]*signal {
	all := make(map[int64]*signal)
	of := func(n int64) *signal {
		if all[n] == nil {
			all[n] = &signal{line: -1}
		}
		return all[n]
	}
	for i, l := range t.Lines {
		for _, e := range l.Events {
			switch f := e.Fact.(type) {
			case Signaled:
				s := of(f.N)
				s.Signaled, s.line, s.at = f, i, e.At
			case Answered:
				of(f.N).answer = &f
			case Expired:
				of(f.N).expired = true
			case Heard:
				s := of(f.N)
				s.arrivals = append(s.arrivals, arrival{f, i, e.At})
			}
		}
	}
	return all
}

// judgeSignals: a frame comes to nobody but the peer that it is for, once, and in
// the order in which its sender sent; and not where the sender was told that it
// could not.
func judgeSignals(t Trial) (bad []Violation) {
	const rule = "signals"
	owners := make(map[string]int)
	for _, m := range memberships(t) {
		if owner, ok := owners[m.peer]; ok && owner != m.line {
			bad = append(bad, Violation{rule, t.Lines[m.line].Name, m.From, fmt.Sprintf("peer %s is %s's too", m.peer, t.Lines[owner].Name)})
		}
		owners[m.peer] = m.line
	}
	for n, s := range gather(t) {
		for _, a := range s.arrivals {
			what := ""
			switch owner, ok := owners[s.To]; {
			case s.line < 0:
				what = "was never sent"
			case !ok || owner != a.line:
				what = "was for peer " + s.To
			case len(s.arrivals) > 1:
				what = fmt.Sprintf("came %d times", len(s.arrivals))
			case s.Type != a.Type:
				what = "was sent as " + string(s.Type)
			}
			if what != "" {
				bad = append(bad, Violation{rule, t.Lines[a.line].Name, a.at, fmt.Sprintf("%s %d %s", a.Type, n, what)})
			}
		}
	}
	return append(bad, disorder(t)...)
}

// disorder: what came from one peer came in order.
func disorder(t Trial) (bad []Violation) {
	for _, l := range t.Lines {
		last := make(map[string]int64)
		for _, e := range l.Events {
			f, ok := e.Fact.(Heard)
			if !ok {
				continue
			}
			if f.N < last[f.From] {
				bad = append(bad, Violation{"signals", l.Name, e.At, fmt.Sprintf("%s %d of peer %s follows %d", f.Type, f.N, f.From, last[f.From])})
			}
			last[f.From] = max(last[f.From], f.N)
		}
	}
	return bad
}

// judgeEpochs: both sides are told the same epoch of a frame, and no two offers
// between two peers have the same, where nodes could know where these are.
func judgeEpochs(t Trial) (bad []Violation) {
	type negotiation struct {
		low, high string
		epoch     int64
	}
	offers := make(map[negotiation]int64)
	for n, s := range gather(t) {
		if s.line < 0 || s.answer == nil || s.answer.Delivery == "" {
			continue
		}
		name := t.Lines[s.line].Name
		for _, a := range s.arrivals {
			if a.Epoch != s.answer.Epoch {
				bad = append(bad, Violation{"epochs", name, s.at, fmt.Sprintf("%s %d has epoch %d, and its sender was told %d", s.Type, n, a.Epoch, s.answer.Epoch)})
			}
			if s.Type != protocol.TypeOffer || t.divided(s.at) {
				continue
			}
			of := negotiation{min(a.From, s.To), max(a.From, s.To), a.Epoch}
			if other, ok := offers[of]; ok && other != n {
				bad = append(bad, Violation{"epochs", name, s.at, fmt.Sprintf("offers %d and %d both began epoch %d of %s and %s", other, n, a.Epoch, of.low, of.high)})
			}
			offers[of] = n
		}
	}
	return bad
}

// unheard: what was delivered came, where its peer has been in the call ever since;
// what was queued came, or the sender was told that it will not. There only signals
// count, since a newer offer supersedes older frames, and of senders who have been in
// the call ever since: what waits goes with its sender. While nodes do not know of each
// other, the sender's may deliver to a session that its client has given up for another.
func unheard(t Trial) (bad []Violation) {
	stayed := make(map[string]Span)
	stayers := make(map[seatIn]Span)
	seen, afresh := make(map[string]bool), make(map[string]bool)
	for _, m := range memberships(t) {
		afresh[m.peer] = seen[m.peer]
		seen[m.peer] = true
		if m.To == forever {
			stayed[m.peer] = m.Span
			stayers[seatIn{m.line, m.room}] = m.Span
		}
	}
	for n, s := range gather(t) {
		if s.line < 0 || s.answer == nil || len(s.arrivals) > 0 || s.expired {
			continue
		}
		due := s.answer.Delivery == protocol.Delivered
		if from, ok := stayers[seatIn{s.line, s.Room}]; ok && from.From <= s.at {
			due = due || s.answer.Delivery == protocol.Queued && s.Type == protocol.TypeSignal
		}
		if afresh[s.To] && t.divided(s.at) {
			continue
		}
		if to, ok := stayed[s.To]; due && ok && to.From <= s.at {
			bad = append(bad, Violation{"delivery", t.Lines[s.line].Name, s.at, fmt.Sprintf("%s %d to peer %s was %s and never came", s.Type, n, s.To, s.answer.Delivery)})
		}
	}
	return bad
}

// seatIn is a line in a room.
type seatIn struct {
	line int
	room int64
}
