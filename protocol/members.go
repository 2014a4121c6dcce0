package protocol

import "bytes"

// span is a part of a text.
type span struct{ from, to int }

// members is what a relay needs to know of an object's members, found while the
// object was scanned. Indices are those of the object's text.
type members struct {
	all  span // from the first name to the last value
	user span // value of the last target_user_id, empty if there is none
	peer span // value of the last target_peer_id
	// cut reaches from the first to the last member that is not passed on, with
	// the comma before.
	cut span
	// apart says that what is passed on is more than what stands before and
	// behind cut: there is white space in it, or there are members within cut.
	apart bool
}

// scan notes the members of the object that begins at i, and finds what follows
// it. The object is at depth 1.
func (m *members) scan(t text, i int) int {
	start := i
	i, more := t.open(i, '}')
	*m = members{all: span{i - start, i - start}}
	for more {
		name := i
		nameEnd, value := t.key(i)
		end := t.value(value, 2)
		if end == bad {
			return bad
		}
		switch t[name+1] {
		case 't', 'f', '\\': // how a reserved name may begin
			m.note(t[name:nameEnd], span{value - start, end - start})
		}
		m.all.to = end - start
		i, more = t.next(end, '}')
		m.apart = m.apart || value != nameEnd+1 || more && i != end+1
	}
	if m.cut.to == 0 {
		m.cut = span{m.all.to, m.all.to}
	}
	return i
}

// note takes account of a member whose name may be reserved. all ends with the
// member before it.
func (m *members) note(name []byte, value span) {
	if !reserved(name) {
		return
	}
	var room [nameRoom]byte
	switch string(unquote(name, room[:])) {
	case "target_user_id":
		m.user = value
	case "target_peer_id":
		m.peer = value
	}
	if m.cut.to == 0 {
		m.cut.from = m.all.to
	} else if m.cut.to < m.all.to {
		m.apart = true
	}
	m.cut.to = value.to
}

// reserved reports whether a member's name, however it is spelled, is the
// server's to set.
func reserved(quoted []byte) bool {
	var room [nameRoom]byte
	name := unquote(quoted, room[:])
	return bytes.HasPrefix(name, []byte("target_")) || bytes.HasPrefix(name, []byte("from_"))
}

// appendKept appends the members of an object that are passed on, each after a
// comma, without the white space between them.
func (m *members) appendKept(b []byte, object text) []byte {
	if m.apart {
		return appendEach(b, object)
	}
	if m.cut.from > m.all.from {
		b = append(b, ',')
		b = append(b, object[m.all.from:m.cut.from]...)
	}
	return append(b, object[m.cut.to:m.all.to]...)
}

func appendEach(b []byte, object text) []byte {
	i, more := object.open(0, '}')
	for more {
		name := i
		nameEnd, value := object.key(i)
		i = object.value(value, 2)
		if !reserved(object[name:nameEnd]) {
			b = append(b, ',')
			b = append(b, object[name:nameEnd]...)
			b = append(b, ':')
			b = append(b, object[value:i]...)
		}
		i, more = object.next(i, '}')
	}
	return b
}
