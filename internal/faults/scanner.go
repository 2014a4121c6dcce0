package faults

import "encoding/binary"

// Place is where in a message the bytes stand that were passed on last.
type Place int

// Places. A message is a text or binary frame; continuations and control frames
// have none.
const (
	nowhere Place = iota
	Before        // nothing of it has been passed on
	Middle        // its header and half of its payload have, rounded down
	After         // all of it has
)

// Parts of a stream.
const (
	inGreeting = iota // the HTTP handshake, up to its empty line
	inHeader
	inPayload
)

const maskSize = 4 // bytes of a masking key

const (
	opText   = 0x1
	opBinary = 0x2
	opClose  = 0x8
)

// scanner follows the frames of one direction (RFC 6455, section 5.2).
type scanner struct {
	part     int
	matched  int    // inGreeting: bytes of the empty line found
	header   []byte // inHeader: what has come of it
	told     bool   // inHeader: that the message begins
	size     uint64 // inPayload
	passed   uint64 // inPayload
	halfway  bool   // inPayload: that has been told, or is not to be
	messages int    // begun so far
	code     int    // of a server's close frame, 0 before, 1005 if it has none
	codeRead int    // bytes of the code that have come
}

// advance takes bytes of b up to the next place, and returns how many and which.
// b must not be empty.
func (s *scanner) advance(b []byte) (int, Place) {
	switch s.part {
	case inGreeting:
		return s.greet(b), nowhere
	case inHeader:
		return s.head(b)
	default:
		return s.carry(b)
	}
}

func (s *scanner) greet(b []byte) int {
	const end = "\r\n\r\n"
	for i, c := range b {
		switch c {
		case end[s.matched]:
			s.matched++
		case end[0]:
			s.matched = 1
		default:
			s.matched = 0
		}
		if s.matched == len(end) {
			s.part = inHeader
			return i + 1
		}
	}
	return len(b)
}

func (s *scanner) head(b []byte) (int, Place) {
	if op := b[0] & 0x0f; len(s.header) == 0 && !s.told && (op == opText || op == opBinary) {
		s.told = true
		s.messages++
		return 0, Before
	}
	for i, c := range b {
		s.header = append(s.header, c)
		if len(s.header) >= 2 && len(s.header) == s.headerSize() {
			s.begin()
			if s.size == 0 {
				return i + 1, s.end()
			}
			if !s.halfway && s.size/2 == 0 {
				s.halfway = true
				return i + 1, Middle
			}
			return i + 1, nowhere
		}
	}
	return len(b), nowhere
}

// headerSize is known from the first two bytes on.
func (s *scanner) headerSize() int {
	n := 2
	switch s.header[1] & 0x7f {
	case 126:
		n += 2
	case 127:
		n += 8
	}
	if s.header[1]&0x80 != 0 {
		n += maskSize
	}
	return n
}

// begin begins a frame's payload.
func (s *scanner) begin() {
	switch n := s.header[1] & 0x7f; n {
	case 126:
		s.size = uint64(binary.BigEndian.Uint16(s.header[2:]))
	case 127:
		s.size = binary.BigEndian.Uint64(s.header[2:])
	default:
		s.size = uint64(n)
	}
	s.part, s.passed, s.halfway = inPayload, 0, !s.told
}

func (s *scanner) carry(b []byte) (int, Place) {
	until := s.size
	if !s.halfway {
		until = s.size / 2
	}
	n := int(min(uint64(len(b)), until-s.passed))
	if s.header[0]&0x0f == opClose {
		s.readCode(b[:n])
	}
	s.passed += uint64(n)
	switch s.passed {
	case s.size:
		return n, s.end()
	case until:
		s.halfway = true
		return n, Middle
	}
	return n, nowhere
}

// end ends a frame.
func (s *scanner) end() Place {
	if s.header[0]&0x0f == opClose && s.codeRead < 2 {
		s.code = closeNoStatus
	}
	place := nowhere
	if s.told {
		place = After
	}
	s.part, s.header, s.told = inHeader, s.header[:0], false
	return place
}

const closeNoStatus = 1005 // never on the wire

// readCode reads the status of a server's close frame, which is not masked (RFC
// 6455, sections 5.1 and 5.5.1).
func (s *scanner) readCode(b []byte) {
	for _, c := range b {
		if s.codeRead == 2 {
			return
		}
		s.code = s.code<<8 | int(c)
		s.codeRead++
	}
}
