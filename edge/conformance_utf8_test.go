package edge_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gobwas/ws"
	"github.com/stretchr/testify/require"

	"parley/edge"
)

// sequences are bytes that are, or are not, UTF-8 (RFC 3629), in the groups of
// Markus Kuhn's decoder stress test, which the suite takes its own from.
type sequences struct {
	name  string
	valid bool
	bytes []string
}

func utf8Sequences() []sequences {
	const cosmos = "κόσμε"
	return []sequences{
		{"6.5 text", true, []string{cosmos, "Hello-µ@ßöäüàá-UTF-8!!", "☃", "🂡"}},
		{"6.6 whole characters of a text", true, []string{cosmos[:2], cosmos[:4], cosmos[:6], cosmos[:8], cosmos[:10]}},
		{"6.6 a text cut within a character", false, []string{cosmos[:1], cosmos[:3], cosmos[:5], cosmos[:7], cosmos[:9]}},
		{"6.7 first of each length", true, []string{"\x00", "\xc2\x80", "\xe0\xa0\x80", "\xf0\x90\x80\x80"}},
		{"6.8 first of lengths that were given up", false, []string{"\xf8\x88\x80\x80\x80", "\xfc\x84\x80\x80\x80\x80"}},
		{"6.9 last of each length", true, []string{"\x7f", "\xdf\xbf", "\xef\xbf\xbf", "\xf4\x8f\xbf\xbf"}},
		{"6.10 last of lengths that were given up", false, []string{"\xf7\xbf\xbf\xbf", "\xfb\xbf\xbf\xbf\xbf", "\xfd\xbf\xbf\xbf\xbf\xbf"}},
		{"6.11 around the surrogates, and the end", true, []string{"\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbd", "\xf4\x8f\xbf\xbf"}},
		{"6.11 beyond the end", false, []string{"\xf4\x90\x80\x80"}},
		{"6.12 continuations of nothing", false, continuations()},
		{"6.13 starts of nothing", false, lonelyStarts()},
		{"6.14 last octet missing", false, []string{
			"\xc0", "\xe0\x80", "\xf0\x80\x80", "\xf8\x80\x80\x80", "\xfc\x80\x80\x80\x80",
			"\xdf", "\xef\xbf", "\xf7\xbf\xbf", "\xfb\xbf\xbf\xbf", "\xfd\xbf\xbf\xbf\xbf",
		}},
		{"6.15 all of these in a row", false, []string{"\xc0\xe0\x80\xf0\x80\x80\xf8\x80\x80\x80\xfc\x80\x80\x80\x80\xdf\xef\xbf\xf7\xbf\xbf\xfb\xbf\xbf\xbf\xfd\xbf\xbf\xbf\xbf"}},
		{"6.16 impossible octets", false, []string{"\xfe", "\xff", "\xfe\xfe\xff\xff"}},
		{"6.17 a slash, too long", false, []string{"\xc0\xaf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf", "\xf8\x80\x80\x80\xaf", "\xfc\x80\x80\x80\x80\xaf"}},
		{"6.18 the most that is too long", false, []string{"\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf", "\xf8\x87\xbf\xbf\xbf", "\xfc\x83\xbf\xbf\xbf\xbf"}},
		{"6.19 NUL, too long", false, []string{"\xc0\x80", "\xe0\x80\x80", "\xf0\x80\x80\x80", "\xf8\x80\x80\x80\x80", "\xfc\x80\x80\x80\x80\x80"}},
		{"6.20 single surrogates", false, surrogates()},
		{"6.21 surrogates in pairs", false, pairs(surrogates())},
		{"6.22 code points that are no characters", true, noncharacters()},
		{"6.23 specials", true, []string{"\ufff9", "\ufffa", "\ufffb", "\ufffc", "\ufffd", "\ufffe", "\uffff"}},
	}
}

func continuations() []string {
	all := []string{"\x80", "\xbf", "\x80\xbf", "\x80\xbf\x80", "\x80\xbf\x80\xbf", "\x80\xbf\x80\xbf\x80", "\x80\xbf\x80\xbf\x80\xbf"}
	every := make([]byte, 0, 64)
	for b := 0x80; b <= 0xbf; b++ {
		every = append(every, byte(b))
	}
	return append(all, string(every))
}

// lonelyStarts are the starts of two octets to six, each before a space.
func lonelyStarts() (all []string) {
	for _, r := range [][2]int{{0xc0, 0xdf}, {0xe0, 0xef}, {0xf0, 0xf7}, {0xf8, 0xfb}, {0xfc, 0xfd}} {
		var s []byte
		for b := r[0]; b <= r[1]; b++ {
			s = append(s, byte(b), ' ')
		}
		all = append(all, string(s))
	}
	return all
}

// surrogates are the bounds of both halves, encoded as if they were characters.
func surrogates() []string {
	return []string{"\xed\xa0\x80", "\xed\xad\xbf", "\xed\xae\x80", "\xed\xaf\xbf", "\xed\xb0\x80", "\xed\xbe\x80", "\xed\xbf\xbf"}
}

func pairs(halves []string) (all []string) {
	for _, high := range halves[:4] {
		for _, low := range []string{halves[4], halves[6]} {
			all = append(all, high+low)
		}
	}
	return all
}

// noncharacters are the last two of each plane (Unicode, section 23.7), which
// are valid all the same.
func noncharacters() (all []string) {
	for plane := rune(0); plane <= 16; plane++ {
		all = append(all, string(plane<<16|0xfffe), string(plane<<16|0xffff))
	}
	return all
}

// 6: text is UTF-8 (RFC 6455, section 8.1), in one frame and octet by octet.
func TestConformanceUTF8(t *testing.T) {
	const cosmos, surrogate = "κόσμε", "κόσμε\xed\xa0\x80edited"
	fragment := func(parts ...string) [][]byte {
		all := [][]byte{frame(ws.OpText, false, parts[0])}
		for _, p := range parts[1 : len(parts)-1] {
			all = append(all, frame(ws.OpContinuation, false, p))
		}
		return append(all, frame(ws.OpContinuation, true, parts[len(parts)-1]))
	}
	conform(t, anyChop(), []exchange{
		{"6.1.1 empty", [][]byte{text("")}, echoed(""), 0},
		{"6.1.2 empty fragments", fragment("", "", ""), echoed(""), 0},
		{"6.1.3 empty but one", fragment("", "middle", ""), echoed("middle"), 0},
		{"6.2.1 in one", [][]byte{text("Hello-µ@ßöäüàá-UTF-8!!")}, echoed("Hello-µ@ßöäüàá-UTF-8!!"), 0},
		{"6.2.2 between characters", fragment("Hello-µ@ßöä", "üàá-UTF-8!!"), echoed("Hello-µ@ßöäüàá-UTF-8!!"), 0},
		{"6.2.3 octets", octets("Hello-µ@ßöäüàá-UTF-8!!"), echoed("Hello-µ@ßöäüàá-UTF-8!!"), 0},
		{"6.2.4 octets", octets(cosmos), echoed(cosmos), 0},
		{"6.3.1 a surrogate", [][]byte{text(surrogate)}, nil, 1007},
		{"6.3.2 in octets", octets(surrogate), nil, 1007},
	})
}

func TestConformanceUTF8Sequences(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{}, echo)
		for _, group := range utf8Sequences() {
			for _, seq := range group.bytes {
				for form, frames := range map[string][][]byte{"one frame": {text(seq)}, "octets": octets(seq)} {
					t.Run(fmt.Sprintf("%s, % x, %s", group.name, seq, form), func(t *testing.T) {
						x := exchange{send: frames, code: 1007}
						if group.valid {
							x.answers, x.code = echoed(seq), 0
						}
						p := s.peer()
						p.t = t
						p.send(x.send...)
						x.require(p)
					})
				}
			}
		}
		s.empty()
	})
}

// 6.4: a text that cannot become UTF-8 is refused at the octet that makes it so:
// the client, which waits for that, sends nothing more.
func TestConformanceUTF8FailsFast(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{}, nil)
		const fine = "κόσμε"
		long := strings.Repeat(fine, 1000)
		// cut is a frame without the end that is missing, and the octets that come next.
		cut := func(f []byte, missing, next int) [][]byte {
			n := len(f) - missing
			return [][]byte{f[:n], f[n : n+next]}
		}
		for name, parts := range map[string][][]byte{
			"6.4.1 in the second fragment": {
				frame(ws.OpText, false, fine), frame(ws.OpContinuation, false, "\xf4\x90\x80\x80"),
			},
			"6.4.2 across fragments": {
				frame(ws.OpText, false, fine+"\xf4"), frame(ws.OpContinuation, false, "\x90"),
			},
			"6.4.3 in the middle of a frame":     cut(text(fine+"\xf4\x90\x80\x80"+"edited"), 10, 4),
			"6.4.4 at its first wrong octet":     cut(text(fine+"\xf4\x90\x80\x80"+"edited"), 9, 1),
			"in the middle of a long frame":      cut(text(long+"\xff"+long), len(long)+1, 1),
			"in the middle of a second fragment": append([][]byte{frame(ws.OpText, false, "\xf0\x9f")}, cut(frame(ws.OpContinuation, false, " "+long), len(long), 0)[0]),
		} {
			t.Run(name, func(t *testing.T) {
				p, k := s.peer(), s.next()
				p.t = t
				p.send(frame(ws.OpPing, true, ""), parts[0])
				op, _ := p.frame()
				require.Equal(t, ws.OpPong, op)
				s.turn()
				require.Empty(t, k.closed, "so far it may become UTF-8")
				p.send(parts[1])
				code, reason := p.closeFrame()
				require.Equal(t, uint16(1007), code, reason)
				_ = p.Close()
				k.end(t)
			})
		}
		s.empty()
	})
}
