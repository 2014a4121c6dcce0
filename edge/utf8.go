package edge

import (
	"unicode/utf8"

	"github.com/gobwas/ws"
)

const notUTF8 = "text is not UTF-8"

// brokenText reports whether a text that goes on with next cannot become UTF-8
// any more (RFC 6455, section 8.1), so that the peer need not be heard out. What
// came before was looked at already, and may end within a character.
func brokenText(before, next []byte) bool {
	var joint [2 * utf8.UTFMax]byte
	if begun := copy(joint[:], unfinished(before)); begun > 0 {
		all := joint[:begun+copy(joint[begun:begun+utf8.UTFMax], next)]
		if !utf8.FullRune(all) {
			return false
		}
		r, n := utf8.DecodeRune(all)
		if r == utf8.RuneError && n <= 1 {
			return true
		}
		next = next[n-begun:]
	}
	return !utf8.Valid(next[:len(next)-len(unfinished(next))])
}

// unfinished is the character at the end of text that may become one yet.
func unfinished(text []byte) []byte {
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ {
		if last := text[len(text)-n:]; utf8.RuneStart(last[0]) {
			if utf8.FullRune(last) {
				return nil
			}
			return last
		}
	}
	return nil
}

// brokenSoFar is brokenText for a frame that is not complete yet: got is what
// there is of its payload, still masked, and was looked at up to seen. A peer may
// take long over a frame (it has FrameBytes), and is told at once.
func (c *Conn) brokenSoFar(h ws.Header, got []byte, seen int) bool {
	if c.state != stateOpen || c.isCompressed(h) || h.OpCode != ws.OpText && h.OpCode != ws.OpContinuation {
		return false
	}
	before, at := c.begun(), 0
	if seen >= utf8.UTFMax { // back to where the last character begins that may have been unfinished
		before, at = nil, seen-(utf8.UTFMax-1)
		for at < seen && !utf8.RuneStart(got[at]^h.Mask[at%4]) {
			at++
		}
	}
	var plain [1 << 10]byte
	for {
		text := plain[:copy(plain[:], got[at:])]
		ws.Cipher(text, h.Mask, at)
		if brokenText(before, text) {
			return true
		}
		if at+len(text) == len(got) {
			return false
		}
		before, at = nil, at+len(text)-len(unfinished(text))
	}
}
