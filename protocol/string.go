package protocol

import (
	"encoding/binary"
	"math/bits"
)

// string skips a string that begins at i.
func (t text) string(i int) int {
	for i++; ; {
		i = t.plain(i)
		switch t.at(i) {
		case '"':
			return i + 1
		case '\\':
			if t.lineEnd(i) {
				i += 4
			} else if i = t.escape(i); i == bad {
				return bad
			}
		default: // a control character, or the end of the text
			return bad
		}
	}
}

// plain finds the first byte from i on that may not stand in a string as it is.
// Most of a session description may, hence eight bytes at a time.
func (t text) plain(i int) int {
	for i+8 <= len(t) {
		if s := specials(binary.LittleEndian.Uint64(t[i:])); s != 0 {
			return i + bits.TrailingZeros64(s)/8
		}
		i += 8
	}
	for i < len(t) && t[i] >= ' ' && t[i] != '"' && t[i] != '\\' {
		i++
	}
	return i
}

// highBits has the highest bit of each of eight bytes.
const highBits = 0x8080808080808080

// specials marks, among eight bytes, the first quote, backslash or control
// character by its highest bit; marks above the first may be wrong. Taking n
// from each byte borrows into the highest bit of those below n: xor makes the
// backslash 0, and the quote 0x20, in whose place goes '"'.
func specials(w uint64) uint64 {
	const ones = 0x0101010101010101
	backslash, below := (w^ones*'\\')-ones, (w^ones*2)-ones*0x21
	return (backslash | below) &^ w & highBits
}

// lineEnd reports whether the escapes of a session description's line end come
// next: they are the many.
func (t text) lineEnd(i int) bool {
	const crlf = '\\' | 'r'<<8 | '\\'<<16 | 'n'<<24
	return i+4 <= len(t) && binary.LittleEndian.Uint32(t[i:]) == crlf
}

// escape skips an escape.
func (t text) escape(i int) int {
	switch t.at(i + 1) {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 2
	case 'u':
		for _, c := range [4]byte{t.at(i + 2), t.at(i + 3), t.at(i + 4), t.at(i + 5)} {
			if !isHex(c) {
				return bad
			}
		}
		return i + 6
	default:
		return bad
	}
}

func isHex(c byte) bool { return isDigit(c) || c|0x20-'a' <= 5 }
