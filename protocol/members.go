package protocol

import (
	"bytes"
	"encoding/json"
)

// members walks over the members of an object, in order, duplicates included.
type members struct {
	scanner
	depth  int // of the object's values
	inside bool
}

// objectIn begins a walk over an object that stands alone in b.
func objectIn(b []byte) members { return members{scanner: scanner{b: b}, depth: 1} }

// next returns the raw text of a member's key, quotes included, and of its
// value. After the last one more is false.
func (m *members) next() (key, value []byte, more bool, err error) {
	if !m.inside {
		m.inside = true
		if !m.eat('{') {
			return nil, nil, false, errSyntax
		}
		if m.eat('}') {
			return nil, nil, false, nil
		}
	} else {
		if m.eat('}') {
			return nil, nil, false, nil
		}
		if !m.eat(',') {
			return nil, nil, false, errSyntax
		}
	}
	if m.byte() != '"' {
		return nil, nil, false, errSyntax
	}
	start := m.i
	if err := m.string(); err != nil {
		return nil, nil, false, err
	}
	key = m.b[start:m.i]
	if !m.eat(':') {
		return nil, nil, false, errSyntax
	}
	value, err = m.value(m.depth)
	return key, value, true, err
}

// unquote yields the characters of a scanned string. Only a string with escapes
// costs memory.
func unquote(quoted []byte) []byte {
	plain := quoted[1 : len(quoted)-1]
	if bytes.IndexByte(plain, '\\') < 0 {
		return plain
	}
	var s string
	if json.Unmarshal(quoted, &s) != nil {
		return plain
	}
	return []byte(s)
}
