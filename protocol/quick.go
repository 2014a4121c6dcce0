package protocol

import "bytes"

// each calls visit for each member of an object, with the name as it is written
// but without its quotes, until visit says that it is not what it knows. It
// reports whether the text was an object that visit knew all of.
func (t text) each(visit func(name, value []byte) bool) bool {
	if t.at(0) != '{' {
		return false
	}
	i, more := t.open(0, '}')
	for more {
		name := i
		nameEnd, value := t.key(i)
		i = t.value(value, 2)
		if i == bad || !visit(t[name+1:nameEnd-1], t[value:i]) {
			return false
		}
		i, more = t.next(i, '}')
	}
	return t.space(i) == len(t)
}

// stringOf reads a value that is a string.
func stringOf(value []byte) (s string, ok bool) {
	if !isString(value) {
		return "", false
	}
	var room [256]byte // most that have escapes fit
	return string(unquote(value, room[:])), true
}

// resembles reports whether encoding/json might take a name, as it is written,
// for a field's.
func resembles(name []byte, field string) bool {
	return bytes.IndexByte(name, '\\') >= 0 || bytes.EqualFold(name, []byte(field))
}

// decodeSlowly is DecodeData for who would not have into on the heap.
func decodeSlowly[T any](data []byte, into *T) error {
	var v T
	err := DecodeData(data, &v)
	*into = v
	return err
}
