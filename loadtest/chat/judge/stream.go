package judge

import "time"

// Kinds of streams, as tags have them.
const (
	kindMessage = 'm'
	kindTyping  = 't'
)

// stream is a sequence that each member is to get in order: the room's messages,
// or what one member types.
type stream struct {
	kind byte
	said map[int64]*utterance // by number, as long as it is remembered
	top  int64                // the highest number that is known to have been delivered or acknowledged
}

func newStream(kind byte) *stream { return &stream{kind: kind, said: map[int64]*utterance{}} }

// String names the numbers of a stream in a fault.
func (s *stream) String() string {
	if s.kind == kindTyping {
		return "typing"
	}
	return "seq"
}

func (s *stream) know(number int64, u *utterance) {
	u.number = number
	s.said[number] = u
	s.top = max(s.top, number)
}

func (s *stream) forget(u *utterance) {
	if s.said[u.number] == u {
		delete(s.said, u.number)
	}
}

// cursor is how far a member is in a stream.
type cursor struct {
	got   int64               // the highest number that came
	holes map[int64]time.Time // numbers below that did not, and since when that is known
}

// mostHoles bounds what is remembered of one gap.
const mostHoles = 4096
