package judge

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/loadtest/measure"
)

// Utterance is what a member is to send now.
type Utterance struct {
	Tag     string // a message's client_msg_id
	ID      string // of the frame; another for each attempt
	Content string
}

// Say has the member say a message of so many characters that should have been sent
// at intended.
func (m *Member) Say(size int, intended, at time.Time) Utterance {
	m.said++
	return m.utter(kindMessage, m.said, size, intended, at)
}

// Type has the member type, with a note of so many characters.
func (m *Member) Type(size int, intended, at time.Time) Utterance {
	m.typed++
	return m.utter(kindTyping, m.typed, size, intended, at)
}

func (m *Member) utter(kind byte, number int64, size int, intended, at time.Time) Utterance {
	u := &utterance{tag: tagOf(m.room.id, m.place, kind, number), from: m, size: size, intended: intended}
	m.room.said[u.tag], m.unsettled[u.tag] = u, u
	if kind == kindTyping {
		u.number = number
		m.typing.said[number] = u
	}
	return u.again(at)
}

func (u *utterance) again(at time.Time) Utterance {
	u.sent = at
	u.attempts++
	return Utterance{Tag: u.tag, ID: fmt.Sprintf("%s.%d", u.tag, u.attempts), Content: contentOf(u.tag, u.size)}
}

// Again are the messages without an answer, for the member to send once more on a
// new socket.
func (m *Member) Again(at time.Time) []Utterance {
	open := make([]*utterance, 0, len(m.unsettled))
	for _, u := range m.unsettled {
		open = append(open, u)
	}
	slices.SortFunc(open, func(a, b *utterance) int { return cmp.Compare(a.tag, b.tag) })
	again := make([]Utterance, 0, len(open))
	for _, u := range open {
		again = append(again, u.again(at))
	}
	return again
}

// Answered is an ack that came to the member, with the seq of a message. It returns
// when that should have been sent; ok is false for all but the first answer.
func (m *Member) Answered(id string, seq int64) (intended time.Time, ok bool) {
	u := m.answered(id)
	if u == nil {
		return intended, false
	}
	if s := m.streamOf(u); s.kind == kindTyping {
		s.know(u.number, u)
	} else {
		m.room.number(u, seq)
	}
	return m.settle(u)
}

// Refused is an error that came to the member in answer. What was refused need not
// be delivered.
func (m *Member) Refused(id string) (intended time.Time, ok bool) {
	u := m.answered(id)
	if u == nil {
		return intended, false
	}
	u.uncertain = true
	return m.settle(u)
}

// Unsent is what could not be sent, for want of a socket: a message is to be said
// Again, typing is over.
func (m *Member) Unsent(tag string) {
	if u := m.unsettled[tag]; u != nil && m.streamOf(u).kind == kindTyping {
		u.uncertain = true
		m.settle(u)
	}
}

func (m *Member) settle(u *utterance) (time.Time, bool) {
	first := !u.settled
	u.settled = true
	delete(m.unsettled, u.tag)
	return u.intended, first
}

// answered finds what an answer is to, and tells if it may not come.
func (m *Member) answered(id string) *utterance {
	tag, nth, _ := strings.Cut(id, ".")
	attempt, err := strconv.Atoi(nth)
	u := m.room.said[tag]
	switch {
	case err != nil || u == nil || u.from != m || attempt < 1 || attempt > u.attempts:
		m.room.fault(measure.Forged, "an answer to %q, which %s never asked", id, m)
		return nil
	case u.answered>>min(attempt-1, 63)&1 == 1:
		m.room.fault(measure.Doubled, "the answer to %s came again to %s", id, m)
		return nil
	}
	u.answered |= 1 << min(attempt-1, 63)
	return u
}

// number is what is known of a message's seq, by an ack or a delivery.
func (r *Room) number(u *utterance, seq int64) {
	other := r.stored.said[seq]
	switch {
	case u.number != 0 && u.number != seq:
		r.fault(measure.Doubled, "%s of %s is stored twice, as seq %d and %d", u.tag, u.from, u.number, seq)
	case other != nil && other != u:
		r.fault(measure.Forged, "seq %d is both %s of %s and %s of %s", seq, other.tag, other.from, u.tag, u.from)
	default:
		r.stored.know(seq, u)
	}
}

func (m *Member) streamOf(u *utterance) *stream {
	if strings.IndexByte(u.tag, kindTyping) >= 0 {
		return u.from.typing
	}
	return m.room.stored
}
