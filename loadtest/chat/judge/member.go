package judge

import (
	"fmt"
	"math"
	"time"

	"parley/loadtest/measure"
)

// Member is one socket's place in a room, or rather that of the session which
// outlives the socket. A user may have several.
type Member struct {
	// static
	room  *Room
	place int
	user  int64
	slow  bool // it reads when it likes: nothing that comes to it is late

	present   bool
	back      time.Time // when the last socket was welcomed
	joined    time.Time // when the room stood before it afresh; typing before that need not come
	begun     bool      // it has been welcomed once
	said      int64     // messages so far
	typed     int64     // typings so far
	typing    *stream   // of its own
	cursor    cursor    // in the room's messages
	cursors   []cursor  // in typings, by the place of who types
	unsettled map[string]*utterance
}

// Member adds a member.
func (r *Room) Member(user int64, slow bool) *Member {
	m := &Member{
		room: r, place: len(r.members), user: user, slow: slow,
		typing: newStream(kindTyping), unsettled: map[string]*utterance{},
	}
	r.members = append(r.members, m)
	r.typings = append(r.typings, m.typing)
	return m
}

// Present reports whether the member has a socket that was welcomed.
func (m *Member) Present() bool { return m.present }

// String names the member in a fault.
func (m *Member) String() string { return fmt.Sprintf("member %d (user %d)", m.place, m.user) }

// Seq is the last message that the member has, for since_seq; -1 before its first
// welcome.
func (m *Member) Seq() int64 {
	if !m.begun {
		return -1
	}
	return m.cursor.got
}

// Welcomed is the welcome of a new socket. What was said before the first one is
// not the member's; lastSeq tells how far that goes.
func (m *Member) Welcomed(resumed bool, lastSeq int64, at time.Time) {
	if !m.begun {
		m.begun, m.cursor.got = true, lastSeq
	}
	m.present, m.back = true, at
	if !resumed {
		m.joined = time.Unix(math.MaxInt32, 0) // not before Joined
	}
}

// Joined is the presence_state behind a welcome: from here on typing comes.
func (m *Member) Joined(at time.Time) {
	if m.joined.After(at) {
		m.joined = at
	}
}

// Gone is the loss of the member's socket. Whether the server has what it did not
// answer is uncertain; messages are to be said Again.
func (m *Member) Gone() {
	m.present = false
	for tag, u := range m.unsettled {
		if m.streamOf(u).kind == kindTyping {
			u.uncertain, u.settled = true, true
			delete(m.unsettled, tag)
		}
	}
}

// complete reports whether nothing is missing that is known to exist.
func (m *Member) complete() bool {
	if m.cursor.got < m.room.stored.top || len(m.cursor.holes) > 0 {
		return false
	}
	for from, s := range m.room.typings {
		if !m.hears(from) {
			continue
		}
		c := m.typingCursor(from)
		for n := c.got + 1; n <= s.top; n++ {
			if !m.excused(s, n) {
				return false
			}
		}
		for n := range c.holes {
			if !m.excused(s, n) {
				return false
			}
		}
	}
	return true
}

// hears reports whether typing of a place goes to the member: not to the sockets of
// the same user.
func (m *Member) hears(from int) bool { return m.room.members[from].user != m.user }

func (m *Member) typingCursor(from int) *cursor {
	if from >= len(m.cursors) {
		grown := make([]cursor, len(m.room.members))
		copy(grown, m.cursors)
		m.cursors = grown
	}
	return &m.cursors[from]
}

// excused reports whether a number of a stream need not come.
func (m *Member) excused(s *stream, number int64) bool {
	if s.kind == kindMessage {
		return false
	}
	u := s.said[number]
	return u == nil || u.uncertain || !u.sent.After(m.joined)
}

// sweep tells what is overdue.
func (m *Member) sweep(now time.Time) {
	m.sweepStream(m.room.stored, &m.cursor, now)
	for from, s := range m.room.typings {
		if s.top > 0 && m.hears(from) {
			m.sweepStream(s, m.typingCursor(from), now)
		}
	}
}

// sweepStream gives up what is overdue. Until then what is excused may yet come, and
// is neither missed nor doubled if it does.
func (m *Member) sweepStream(s *stream, c *cursor, now time.Time) {
	overdue := func(since time.Time) bool { return now.Sub(later(since, m.back)) > m.room.bounds.Lost }
	for n, since := range c.holes {
		if overdue(since) {
			delete(c.holes, n)
			m.lost(s, n)
		}
	}
	for ; c.got < s.top; c.got++ {
		var since time.Time
		if u := s.said[c.got+1]; u != nil {
			since = u.sent
		}
		if !overdue(since) {
			return
		}
		m.lost(s, c.got+1)
	}
}

func (m *Member) lost(s *stream, number int64) {
	if m.excused(s, number) {
		return
	}
	whose := "of whom is not known"
	if u := s.said[number]; u != nil {
		whose = fmt.Sprintf("%s of %s", u.tag, u.from)
	}
	m.room.fault(measure.Lost, "%s %d (%s) never came to %s", s, number, whose, m)
}
