package judge

import (
	"time"

	"parley/loadtest/measure"
	"parley/protocol"
)

// Heard is a delivery that is as it should be in itself.
type Heard struct {
	utterance *utterance
	number    int64
	from      int // place
	tag       string
}

// Intended is when it should have been sent; zero if it is so old that it has been
// forgotten.
func (h Heard) Intended() time.Time {
	if h.utterance == nil {
		return time.Time{}
	}
	return h.utterance.intended
}

// Message reads a message that was delivered to somebody, and tells how it differs
// from what was said. It is the same for all who get it: read it once.
func (r *Room) Message(p protocol.Message) (h Heard, ok bool) {
	tag, whole := tagIn(p.Content)
	h, ok = r.heard(tag, whole, kindMessage, p.Author.ID)
	switch {
	case !ok:
		r.fault(measure.Forged, "seq %d by user %d was never said so: %.200q", p.Seq, p.Author.ID, p.Content)
		return h, false
	case p.RoomID != r.id || p.ClientMsgID != tag:
		r.fault(measure.Forged, "%s comes as of room %d, with client_msg_id %q", tag, p.RoomID, p.ClientMsgID)
		return h, false
	}
	h.number = p.Seq
	if h.utterance != nil {
		r.number(h.utterance, p.Seq)
	}
	r.stored.top = max(r.stored.top, p.Seq)
	return h, true
}

// Typing reads a typing, as Message does.
func (r *Room) Typing(p protocol.Typing) (h Heard, ok bool) {
	tag, whole := tagIn(p.Note)
	h, ok = r.heard(tag, whole, kindTyping, p.User.ID)
	if !ok {
		r.fault(measure.Forged, "typing of user %d was never typed so: %.200q", p.User.ID, p.Note)
		return h, false
	}
	s := r.typings[h.from]
	s.top = max(s.top, h.number)
	return h, true
}

func (r *Room) heard(tag string, whole bool, kind byte, user int64) (h Heard, ok bool) {
	place, number, ok := parseTag(tag, r.id, kind)
	if !ok || !whole || place < 0 || place >= len(r.members) {
		return h, false
	}
	from := r.members[place]
	said := from.said
	if kind == kindTyping {
		said = from.typed
	}
	h = Heard{utterance: r.said[tag], number: number, from: place, tag: tag}
	return h, from.user == user && 1 <= number && number <= said
}

// Message is a message that came to the member. It reports whether the time that
// took is the server's: the member was there when it was sent, and read.
func (m *Member) Message(h Heard, at time.Time) (timely bool) {
	return m.deliver(m.room.stored, &m.cursor, h, at)
}

// Typing is a typing that came to the member.
func (m *Member) Typing(h Heard, at time.Time) (timely bool) {
	if !m.hears(h.from) {
		m.room.fault(measure.Forged, "typing %s came to %s, whose own it is", h.tag, m)
		return false
	}
	return m.deliver(m.room.typings[h.from], m.typingCursor(h.from), h, at)
}

// deliver moves a cursor on.
func (m *Member) deliver(s *stream, c *cursor, h Heard, at time.Time) (timely bool) {
	_, hole := c.holes[h.number]
	switch {
	case h.number > c.got:
		m.skip(s, c, h, at)
		c.got = h.number
	case hole:
		delete(c.holes, h.number)
		m.room.fault(measure.Reordered, "%s %d (%s) came to %s after %d", s, h.number, h.tag, m, c.got)
	default:
		m.room.fault(measure.Doubled, "%s %d (%s) came again to %s", s, h.number, h.tag, m)
		return false
	}
	if h.utterance == nil || m.slow {
		return false
	}
	if took := at.Sub(later(h.utterance.sent, m.back)); took > m.room.bounds.Late {
		m.room.fault(measure.Late, "%s %d (%s) came to %s after %s", s, h.number, h.tag, m, took.Round(time.Millisecond))
	}
	return h.utterance.sent.After(m.back)
}

// skip remembers what did not come before a number. What was typed before the
// member came need not come.
func (m *Member) skip(s *stream, c *cursor, h Heard, at time.Time) {
	first := c.got + 1
	if h.number-first > mostHoles {
		if s.kind == kindMessage {
			m.room.fault(measure.Lost, "%s %d and the %d behind it never came to %s", s, first, h.number-first-mostHoles-1, m)
		}
		first = h.number - mostHoles
	}
	for n := first; n < h.number; n++ {
		if u := s.said[n]; s.kind == kindTyping && (u == nil || !u.sent.After(m.joined)) {
			continue
		}
		if c.holes == nil {
			c.holes = map[int64]time.Time{}
		}
		c.holes[n] = at
	}
}
