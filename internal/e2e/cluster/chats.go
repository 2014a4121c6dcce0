package cluster

import (
	"fmt"

	"parley/protocol"
)

// said names a message by where it was said and the id that its client gave it.
type said struct {
	room int64
	id   string
}

// judgeHistory: every acknowledged message is stored once, as it was acknowledged;
// nothing is stored that nobody sent; seq has no gaps.
func judgeHistory(t Trial) (bad []Violation) {
	const rule = "history"
	authors := make(map[said]int64)
	for _, l := range t.Lines {
		for _, e := range l.Events {
			if p, ok := e.Fact.(Posted); ok {
				authors[said{p.Room, p.ClientID}] = l.User
			}
		}
	}
	for room, history := range t.Histories {
		twice := make(map[string]bool)
		for i, m := range history {
			author, sent := authors[said{room, m.ClientMsgID}]
			what := ""
			switch {
			case m.Seq != int64(i+1):
				what = fmt.Sprintf("seq %d is message %d", m.Seq, i+1)
			case twice[m.ClientMsgID]:
				what = fmt.Sprintf("%q is stored twice", m.ClientMsgID)
			case !sent || author != m.Author.ID:
				what = fmt.Sprintf("%q was not sent by user %d", m.ClientMsgID, m.Author.ID)
			}
			if what != "" {
				bad = append(bad, Violation{Rule: rule, What: fmt.Sprintf("room %d: %s", room, what)})
			}
			twice[m.ClientMsgID] = true
		}
	}
	for _, l := range t.Lines {
		for _, e := range l.Events {
			s, ok := e.Fact.(Stored)
			if ok && !stored(t.Histories[s.Room], s.Ref, s.ClientID) {
				bad = append(bad, Violation{rule, l.Name, e.At, fmt.Sprintf("%q was acknowledged as %+v and is not stored as that", s.ClientID, s.Ref)})
			}
		}
	}
	return bad
}

func stored(history []protocol.Message, ref protocol.MessageRef, id string) bool {
	if ref.Seq < 1 || ref.Seq > int64(len(history)) {
		return false
	}
	m := history[ref.Seq-1]
	return m.ID == ref.ID && m.ClientMsgID == id
}

// judgeOrder: every client sees a room's messages in the order in which they are
// stored, without gap or double from where it began.
func judgeOrder(t Trial) (bad []Violation) {
	for _, l := range t.Lines {
		last := make(map[int64]int64)
		for _, e := range l.Events {
			switch f := e.Fact.(type) {
			case Begun:
				last[f.Room] = f.Seq
			case Shown:
				what := ""
				if f.Ref.Seq != last[f.Room]+1 {
					what = fmt.Sprintf("message %d follows %d", f.Ref.Seq, last[f.Room])
				} else if !stored(t.Histories[f.Room], f.Ref, f.ClientID) {
					what = fmt.Sprintf("message %+v, %q, is not that of the history", f.Ref, f.ClientID)
				}
				if what != "" {
					bad = append(bad, Violation{"order", l.Name, e.At, fmt.Sprintf("room %d, socket %d of %s: %s", f.Room, e.Socket, e.Node, what)})
				}
				last[f.Room] = f.Ref.Seq
			}
		}
	}
	return bad
}

// judgeEnds: no client is refused, or sent away for good.
func judgeEnds(t Trial) (bad []Violation) {
	for _, l := range t.Lines {
		for _, e := range l.Events {
			switch f := e.Fact.(type) {
			case Refused:
				bad = append(bad, Violation{"ends", l.Name, e.At, fmt.Sprintf("%q is refused: %s", f.ClientID, f.Code)})
			case Shut:
				if !f.Code.ComeBack() {
					bad = append(bad, Violation{"ends", l.Name, e.At, fmt.Sprintf("room %d, socket %d of %s is closed with %d", f.Room, e.Socket, e.Node, f.Code)})
				}
			}
		}
	}
	return bad
}

// unseen: every message that was sent is acknowledged, and everyone has seen all.
func unseen(t Trial) (bad []Violation) {
	for _, l := range t.Lines {
		last, open := make(map[int64]int64), make(map[said]Event)
		for _, e := range l.Events {
			switch f := e.Fact.(type) {
			case Shown:
				last[f.Room] = f.Ref.Seq
			case Posted:
				open[said{f.Room, f.ClientID}] = e
			case Stored:
				delete(open, said{f.Room, f.ClientID})
			case Refused:
				delete(open, said{f.Room, f.ClientID})
			}
		}
		for s, e := range open {
			bad = append(bad, Violation{"answers", l.Name, e.At, fmt.Sprintf("%q is not acknowledged", s.id)})
		}
		if !l.connected() {
			continue
		}
		for _, room := range l.Chats {
			if n := int64(len(t.Histories[room])); last[room] != n {
				bad = append(bad, Violation{"completeness", l.Name, l.end(), fmt.Sprintf("room %d: has message %d of %d", room, last[room], n)})
			}
		}
	}
	return bad
}
