package protocol

// maxDepth bounds nesting, so that a frame cannot exhaust the stack.
const maxDepth = 256

// text is JSON text (RFC 8259). Its methods walk over it and check its grammar
// without building anything: what is only relayed is never decoded. Each takes
// the index where something begins and returns the one behind it, or bad. There
// is nothing at bad, so that what follows fails too: only what decides looks.
type text []byte

// bad is where a walk stands that has met what is no JSON.
const bad = -1

// at is the byte at i, or 0 where there is none: no JSON has that outside of a
// string, nor unescaped within.
func (t text) at(i int) byte {
	if uint(i) < uint(len(t)) {
		return t[i]
	}
	return 0
}

// space skips white space.
func (t text) space(i int) int {
	if t.at(i) > ' ' { // nearly always
		return i
	}
	return t.blanks(i)
}

func (t text) blanks(i int) int {
	for {
		switch t.at(i) {
		case ' ', '\t', '\r', '\n':
			i++
		default:
			return i
		}
	}
}

// value skips a value that is at this depth of containers.
func (t text) value(i, depth int) int {
	switch c := t.at(i); c {
	case '"':
		return t.string(i)
	case '{':
		return t.object(i, depth)
	case '[':
		return t.array(i, depth)
	case 't':
		return t.literal(i, "true")
	case 'f':
		return t.literal(i, "false")
	case 'n':
		return t.literal(i, "null")
	default:
		return t.number(i)
	}
}

func (t text) object(i, depth int) int {
	if depth >= maxDepth {
		return bad
	}
	i, more := t.open(i, '}')
	for more {
		_, i = t.key(i)
		i = t.value(i, depth+1)
		i, more = t.next(i, '}')
	}
	return i
}

func (t text) array(i, depth int) int {
	if depth >= maxDepth {
		return bad
	}
	i, more := t.open(i, ']')
	for more {
		i = t.value(i, depth+1)
		i, more = t.next(i, ']')
	}
	return i
}

// open enters a container. It finds the first element, or goes behind the
// container where there is none.
func (t text) open(i int, closing byte) (next int, more bool) {
	i = t.space(i + 1)
	if t.at(i) == closing {
		return i + 1, false
	}
	return i, true
}

// key skips a member's name and finds its value.
func (t text) key(i int) (end, value int) {
	if t.at(i) != '"' {
		return bad, bad
	}
	end = t.string(i)
	i = t.space(end)
	if t.at(i) != ':' {
		return bad, bad
	}
	return end, t.space(i + 1)
}

// next goes from the end of an element to the next one, or behind the container.
func (t text) next(i int, closing byte) (next int, more bool) {
	i = t.space(i)
	switch t.at(i) {
	case ',':
		return t.space(i + 1), true
	case closing:
		return i + 1, false
	default:
		return bad, false
	}
}

func (t text) number(i int) int {
	if t.at(i) == '-' {
		i++
	}
	if t.at(i) == '0' {
		i++
	} else {
		i = t.digits(i)
	}
	if t.at(i) == '.' {
		i = t.digits(i + 1)
	}
	if c := t.at(i); c == 'e' || c == 'E' {
		i++
		if c := t.at(i); c == '+' || c == '-' {
			i++
		}
		i = t.digits(i)
	}
	return i
}

// digits skips one digit or more.
func (t text) digits(i int) int {
	if !isDigit(t.at(i)) {
		return bad
	}
	for isDigit(t.at(i)) {
		i++
	}
	return i
}

func (t text) literal(i int, word string) int {
	if end := i + len(word); end <= len(t) && string(t[i:end]) == word {
		return end
	}
	return bad
}

func isDigit(c byte) bool { return c-'0' <= 9 }
