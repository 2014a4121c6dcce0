package protocol

import (
	"encoding/binary"
	"errors"
)

// errSyntax is what any malformed JSON comes to; where exactly it broke is of
// no use to a client.
var errSyntax = errors.New("protocol: not valid JSON")

// maxDepth bounds nesting, so that a frame cannot exhaust the stack.
const maxDepth = 256

// scanner walks over JSON text (RFC 8259) and checks its grammar without
// building anything: what is only relayed is never decoded.
type scanner struct {
	b []byte
	i int
}

func (s *scanner) space() {
	for s.i < len(s.b) {
		switch s.b[s.i] {
		case ' ', '\t', '\r', '\n':
			s.i++
		default:
			return
		}
	}
}

// byte is the next byte that is not white space, or 0 at the end.
func (s *scanner) byte() byte {
	s.space()
	if s.i == len(s.b) {
		return 0
	}
	return s.b[s.i]
}

// eat consumes c if it comes next.
func (s *scanner) eat(c byte) bool {
	if s.byte() != c {
		return false
	}
	s.i++
	return true
}

// end reports whether nothing but white space is left.
func (s *scanner) end() bool {
	s.space()
	return s.i == len(s.b)
}

// value skips one value and returns its text.
func (s *scanner) value(depth int) ([]byte, error) {
	c := s.byte()
	start := s.i
	var err error
	switch {
	case c == '"':
		err = s.string()
	case c == '{':
		err = s.object(depth)
	case c == '[':
		err = s.array(depth)
	case c == '-' || isDigit(c):
		err = s.number()
	default:
		err = s.literal()
	}
	return s.b[start:s.i], err
}

func (s *scanner) object(depth int) error {
	if depth >= maxDepth {
		return errSyntax
	}
	m := members{scanner: scanner{b: s.b, i: s.i}, depth: depth + 1}
	for {
		_, _, more, err := m.next()
		if err != nil {
			return err
		}
		if !more {
			s.i = m.i
			return nil
		}
	}
}

func (s *scanner) array(depth int) error {
	if depth >= maxDepth {
		return errSyntax
	}
	s.i++ // [
	if s.eat(']') {
		return nil
	}
	for {
		if _, err := s.value(depth + 1); err != nil {
			return err
		}
		if s.eat(']') {
			return nil
		}
		if !s.eat(',') {
			return errSyntax
		}
	}
}

// string skips a string that starts at s.i.
func (s *scanner) string() error {
	for s.i++; ; s.i++ {
		s.plain()
		switch s.at() {
		case '"':
			s.i++
			return nil
		case '\\':
			if err := s.escape(); err != nil {
				return err
			}
		default: // a control character, or the end of the text
			return errSyntax
		}
	}
}

// plain skips what may stand in a string as it is. Most of a session
// description is that, hence eight bytes at a time.
func (s *scanner) plain() {
	b, i := s.b, s.i
	for i+8 <= len(b) && !anySpecial(binary.LittleEndian.Uint64(b[i:])) {
		i += 8
	}
	for i < len(b) && b[i] >= ' ' && b[i] != '"' && b[i] != '\\' {
		i++
	}
	s.i = i
}

// anySpecial reports whether one of eight bytes is a quote, a backslash or a
// control character. Taking n from a byte below n borrows into its highest bit;
// xor makes the byte that is sought zero, and so below one.
func anySpecial(w uint64) bool {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	quote, backslash := w^ones*'"', w^ones*'\\'
	return ((w-ones*' ')&^w|(quote-ones)&^quote|(backslash-ones)&^backslash)&high != 0
}

// escape skips an escape but for its last byte.
func (s *scanner) escape() error {
	s.i++
	if s.i == len(s.b) {
		return errSyntax
	}
	switch s.b[s.i] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return nil
	case 'u':
		if len(s.b)-s.i < 5 {
			return errSyntax
		}
		for _, c := range s.b[s.i+1 : s.i+5] {
			if !isHex(c) {
				return errSyntax
			}
		}
		s.i += 4
		return nil
	default:
		return errSyntax
	}
}

func (s *scanner) number() error {
	if s.b[s.i] == '-' {
		s.i++
	}
	switch c := s.at(); {
	case c == '0':
		s.i++
	case isDigit(c):
		s.digits()
	default:
		return errSyntax
	}
	if s.at() == '.' {
		s.i++
		if !s.digits() {
			return errSyntax
		}
	}
	if c := s.at(); c == 'e' || c == 'E' {
		s.i++
		if c := s.at(); c == '+' || c == '-' {
			s.i++
		}
		if !s.digits() {
			return errSyntax
		}
	}
	return nil
}

// at is the next byte, or 0 at the end.
func (s *scanner) at() byte {
	if s.i == len(s.b) {
		return 0
	}
	return s.b[s.i]
}

func (s *scanner) digits() bool {
	start := s.i
	for s.i < len(s.b) && isDigit(s.b[s.i]) {
		s.i++
	}
	return s.i > start
}

func (s *scanner) literal() error {
	for _, word := range [...]string{"true", "false", "null"} {
		if len(s.b)-s.i >= len(word) && string(s.b[s.i:s.i+len(word)]) == word {
			s.i += len(word)
			return nil
		}
	}
	return errSyntax
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isHex(c byte) bool {
	return isDigit(c) || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}
