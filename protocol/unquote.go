package protocol

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// nameRoom holds the longest name that is looked for, in bytes: one with escapes
// that is longer costs memory.
const nameRoom = 32

// unquote yields the characters of a scanned string. Where it has escapes they
// are put into room, if they fit; otherwise they are those of the text.
func unquote(quoted, room []byte) []byte {
	s := quoted[1 : len(quoted)-1]
	i := bytes.IndexByte(s, '\\')
	if i < 0 {
		return s
	}
	b := room[:0]
	for i >= 0 {
		b = append(b, s[:i]...)
		b, s = appendEscaped(b, s[i+1:])
		i = bytes.IndexByte(s, '\\')
	}
	return append(b, s...)
}

// appendEscaped appends the character of the escape that s goes on with behind
// its backslash, and returns what follows. Half a surrogate pair becomes U+FFFD.
func appendEscaped(b, s []byte) (characters, rest []byte) {
	c, rest := s[0], s[1:]
	switch c {
	case 'b':
		c = '\b'
	case 'f':
		c = '\f'
	case 'n':
		c = '\n'
	case 'r':
		c = '\r'
	case 't':
		c = '\t'
	case 'u':
		r, rest := hex4(rest), rest[4:]
		if utf16.IsSurrogate(r) && len(rest) >= 6 && rest[0] == '\\' && rest[1] == 'u' {
			if pair := utf16.DecodeRune(r, hex4(rest[2:])); pair != utf8.RuneError {
				r, rest = pair, rest[6:]
			}
		}
		return utf8.AppendRune(b, r), rest
	}
	return append(b, c), rest
}

// hex4 reads four hexadecimal digits.
func hex4(s []byte) rune {
	var r rune
	for _, c := range s[:4] {
		if isDigit(c) {
			c -= '0'
		} else {
			c = c&7 + 9 // 'a' and 'A' are …001
		}
		r = r<<4 | rune(c)
	}
	return r
}
