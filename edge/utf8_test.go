package edge

import (
	"bytes"
	"slices"
	"testing"
	"unicode/utf8"

	"github.com/gobwas/ws"
	"github.com/stretchr/testify/require"
)

// FuzzBrokenText cuts a text anywhere: what is hopeless is known at the first
// piece that makes it so, and nothing else is refused.
func FuzzBrokenText(f *testing.F) {
	f.Add([]byte("κόσμε\xed\xa0\x80edited"), []byte{1, 1, 1, 1})
	f.Add([]byte("\xf0\x9f\x82\xa1\xf4\x8f\xbf\xbf\xf4\x90\x80\x80"), []byte{3, 1, 2})
	f.Add([]byte("\xe0\x80"), []byte{1})
	f.Add(bytes.Repeat([]byte("\xe2\x98\x83"), 700), []byte{255, 255, 255, 2})
	f.Fuzz(func(t *testing.T, text, cuts []byte) {
		for done := 0; done < len(text); {
			n := len(text) - done
			if len(cuts) > 0 {
				n, cuts = min(n, int(cuts[0])), cuts[1:]
			}
			before, next := text[:done], text[done:done+n]
			broken := brokenText(before, next)
			require.Equal(t, hopeless(text[:done+n]), broken, "%q then %q", before, next)
			require.Equal(t, broken, brokenFrame(before, next), "%q then %q in a frame", before, next)
			if broken {
				return
			}
			done += n
		}
	})
}

// brokenFrame puts all of the text into one frame, of which next just came.
func brokenFrame(before, next []byte) bool {
	c, _ := newTestConn(Config{})
	got := slices.Concat(before, next)
	mask := [4]byte{1, 2, 3, 4}
	ws.Cipher(got, mask, 0)
	return c.brokenSoFar(ws.Header{OpCode: ws.OpText, Mask: mask}, got, len(before))
}

// Every character, cut at every place, and after each other byte.
func TestCharactersInPieces(t *testing.T) {
	t.Parallel()
	for _, r := range []rune{'a', 0x7f, 0x80, 0x7ff, 0x800, 0xfff, 0x1000, 0xcfff, 0xd7ff, 0xe000, 0xfffd, 0xffff, 0x10000, 0x3ffff, 0x40000, 0xfffff, 0x100000, utf8.MaxRune} {
		whole := utf8.AppendRune(nil, r)
		for cut := range whole {
			require.False(t, brokenText(whole[:cut], whole[cut:]), "%U cut at %d", r, cut)
			require.False(t, brokenText(nil, whole[:cut]), "%U up to %d", r, cut)
			for b := range 256 {
				wrong := append(bytes.Clone(whole[:cut]), byte(b))
				require.Equal(t, hopeless(wrong), brokenText(whole[:cut], wrong[cut:]), "% x", wrong)
			}
		}
	}
}
