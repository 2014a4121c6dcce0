package protocol

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// appendString appends s as encoding/json writes it, without its escapes for
// HTML: what is no UTF-8 becomes U+FFFD, and U+2028 and U+2029 are escaped.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	start := len(b)
	b = append(b, s...)
	if n := ordinary(b[start:]); n < len(s) {
		b = appendOdd(b[:start+n], s[n:])
	}
	return append(b, '"')
}

// ordinary counts the bytes before the first that is not ASCII or must be
// escaped.
func ordinary(s []byte) int {
	i := 0
	for ; i+8 <= len(s); i += 8 {
		w := binary.LittleEndian.Uint64(s[i:])
		if odd := specials(w) | w&highBits; odd != 0 {
			return i + bits.TrailingZeros64(odd)/8
		}
	}
	for i < len(s) && ' ' <= s[i] && s[i] < utf8.RuneSelf && s[i] != '"' && s[i] != '\\' {
		i++
	}
	return i
}

// appendOdd is appendString's way where there is something to escape.
func appendOdd(b []byte, s string) []byte {
	start := 0 // of what is not appended yet
	for i := 0; i < len(s); {
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
		}
		if e := escapeOf(r); e != 0 || r == utf8.RuneError && size == 1 {
			b = append(b, s[start:i]...)
			b = appendEscape(b, e, r)
			start = i + size
		}
		i += size
	}
	return append(b, s[start:]...)
}

// escapeOf is the letter of a character's escape, 0 if it has none.
func escapeOf(r rune) byte {
	switch r {
	case '"', '\\':
		return byte(r)
	case '\b':
		return 'b'
	case '\f':
		return 'f'
	case '\n':
		return 'n'
	case '\r':
		return 'r'
	case '\t':
		return 't'
	case '\u2028', '\u2029':
		return 'u'
	}
	if r < ' ' {
		return 'u'
	}
	return 0
}

func appendEscape(b []byte, letter byte, r rune) []byte {
	const hex = "0123456789abcdef"
	if letter != 'u' && r != utf8.RuneError {
		return append(b, '\\', letter)
	}
	return append(b, '\\', 'u', hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15])
}
