package edge_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/gobwas/ws"
	"github.com/stretchr/testify/require"

	"parley/edge"
)

// The conformance tests go through RFC 6455 and RFC 7692 as a client sees them,
// against an echo. They are in the order of the Autobahn test suite and carry its
// numbers, so that one can be held against the other. Two things differ: binary
// messages, which Parley's contract answers with 1003, are required to be just
// that; and category 9, which measures speed, is left to the benchmarks.

// exchange is what a client sends and what it gets.
type exchange struct {
	name    string
	send    [][]byte
	answers []answer // in order, before the close frame
	code    uint16   // the server closes with it; 0: it is the client that closes, in peace
}

type answer struct {
	op      ws.OpCode
	payload string
}

func echoed(texts ...string) (all []answer) {
	for _, t := range texts {
		all = append(all, answer{ws.OpText, t})
	}
	return all
}

func ponged(payloads ...string) (all []answer) {
	for _, p := range payloads {
		all = append(all, answer{ws.OpPong, p})
	}
	return all
}

// chop sends frames as TCP may cut them.
type chop func(s *server, p *peer, frames [][]byte)

func atOnce() map[string]chop {
	return map[string]chop{"at once": func(_ *server, p *peer, frames [][]byte) { p.send(frames...) }}
}

func anyChop() map[string]chop {
	return map[string]chop{
		"at once": atOnce()["at once"],
		"by frame": func(s *server, p *peer, frames [][]byte) {
			for _, f := range frames {
				p.send(f)
				s.turn()
			}
		},
		"by octet": func(s *server, p *peer, frames [][]byte) {
			all := bytes.Join(frames, nil)
			step := max(1, len(all)/500) // of long ones several octets, or the test takes all day
			for piece := range slices.Chunk(all, step) {
				_, _ = p.Write(piece) // the server may have closed by now
				s.turn()
			}
		},
	}
}

// conform holds the edge against each exchange, cut in each way.
func conform(t *testing.T, ways map[string]chop, exchanges []exchange) {
	t.Helper()
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{FrameBytes: 1 << 20, OutboundBytes: 4 << 20, CloseTimeout: forever}, echo)
		for _, x := range exchanges {
			for how, send := range ways {
				t.Run(x.name+", "+how, func(t *testing.T) {
					p := s.peer()
					p.t = t
					send(s, p, x.send)
					x.require(p)
				})
			}
		}
		s.empty()
	})
}

// require reads the answers and ends the connection cleanly.
func (x exchange) require(p *peer) {
	p.t.Helper()
	for i, want := range x.answers {
		op, payload := p.frame()
		require.Equal(p.t, want.op, op, "answer %d, payload %.100q", i, payload)
		require.Equal(p.t, want.payload, string(payload), "answer %d", i)
	}
	want := x.code
	if want == 0 {
		want = 1000
		p.send(closeFrame(1000, ""))
	}
	op, payload := p.frame()
	require.Equal(p.t, ws.OpClose, op, "payload %.100q", payload)
	if want != 1005 {
		require.GreaterOrEqual(p.t, len(payload), 2)
		require.Equal(p.t, want, uint16(payload[0])<<8|uint16(payload[1]), "reason %q", payload[2:])
	} else {
		require.Empty(p.t, payload)
	}
	p.eof()
	_ = p.Close()
}

// octets is payload in a message of one octet to a fragment.
func octets(payload string) [][]byte { return fragments(payload, 1) }

// fragments is payload in a message of so many octets to a fragment.
func fragments(payload string, size int) (all [][]byte) {
	op := ws.OpText
	for len(payload) > size {
		all = append(all, frame(op, false, payload[:size]))
		op, payload = ws.OpContinuation, payload[size:]
	}
	return append(all, frame(op, true, payload))
}

// 1: messages of every length of header. 10: a message in many fragments.
func TestConformanceFraming(t *testing.T) {
	var all []exchange
	for i, n := range []int{0, 125, 126, 127, 128, 65535, 65536} {
		payload := strings.Repeat("*", n)
		all = append(
			all,
			exchange{fmt.Sprintf("1.1.%d text of %d bytes", i+1, n), [][]byte{text(payload)}, echoed(payload), 0},
			exchange{fmt.Sprintf("1.2.%d binary of %d bytes", i+1, n), [][]byte{frame(ws.OpBinary, true, payload)}, nil, 1003},
		)
	}
	long := strings.Repeat("fragment me ", 5462)[:65536]
	all = append(all, exchange{"10.1.1 fragments of 1300 bytes", fragments(long, 1300), echoed(long), 0})
	conform(t, anyChop(), all)
}

// 2: pings and pongs (RFC 6455, sections 5.5.2 and 5.5.3).
func TestConformancePings(t *testing.T) {
	ping := func(payload string) []byte { return frame(ws.OpPing, true, payload) }
	pong := func(payload string) []byte { return frame(ws.OpPong, true, payload) }
	bin, most := "\x00\xff\xfe\xfd\xfc\xfb\x00\xff", strings.Repeat("\xfe", 125)
	var pings [][]byte
	var pongs []answer
	for i := range 10 {
		pings = append(pings, ping(fmt.Sprint("ping ", i)))
		pongs = append(pongs, ponged(fmt.Sprint("ping ", i))...)
	}
	conform(t, anyChop(), []exchange{
		{"2.1 empty", [][]byte{ping("")}, ponged(""), 0},
		{"2.2 text", [][]byte{ping("are you there")}, ponged("are you there"), 0},
		{"2.3 binary", [][]byte{ping(bin)}, ponged(bin), 0},
		{"2.4, 2.6 the longest", [][]byte{ping(most)}, ponged(most), 0},
		{"2.5 too long", [][]byte{ping(most + "\xfe")}, nil, 1002},
		{"2.7 a pong that nobody asked for", [][]byte{pong("")}, nil, 0},
		{"2.8 with a payload", [][]byte{pong("unasked")}, nil, 0},
		{"2.9 and a ping", [][]byte{pong("unasked"), ping("asked")}, ponged("asked"), 0},
		{"2.10, 2.11 ten pings", pings, pongs, 0},
	})
}

// 3: reserved bits (RFC 6455, section 5.2). 4: reserved opcodes.
func TestConformanceReserved(t *testing.T) {
	rsv := func(n byte, f []byte) []byte { return first(f, n<<4) }
	ping := frame(ws.OpPing, true, "")
	all := []exchange{
		{"3.1 bits 1 on text", [][]byte{rsv(1, text("hi"))}, nil, 1002},
		{"3.2 bits 2 on text, after text", [][]byte{text("a"), rsv(2, text("b")), ping}, echoed("a"), 1002},
		{"3.3 bits 3 on text, after text", [][]byte{text("a"), rsv(3, text("b")), ping}, echoed("a"), 1002},
		{"3.4 bits 4 on text, after text", [][]byte{text("a"), rsv(4, text("b")), ping}, echoed("a"), 1002},
		{"3.5 bits 5 on binary", [][]byte{rsv(5, frame(ws.OpBinary, true, "\x00\xff"))}, nil, 1002},
		{"3.6 bits 6 on a ping", [][]byte{rsv(6, frame(ws.OpPing, true, "p"))}, nil, 1002},
		{"3.7 bits 7 on a close frame", [][]byte{rsv(7, closeFrame(1000, ""))}, nil, 1002},
	}
	for i, op := range []ws.OpCode{3, 4, 5, 6, 7, 11, 12, 13, 14, 15} {
		x := exchange{send: [][]byte{frame(op, true, strings.Repeat("x", i%2))}, code: 1002}
		if i%5 > 1 {
			x.send, x.answers = [][]byte{text("a"), x.send[0], ping}, echoed("a")
		}
		x.name = fmt.Sprintf("4.%d.%d opcode %d", 1+i/5, 1+i%5, op)
		all = append(all, x)
	}
	conform(t, anyChop(), all)
}

// 5: fragments (RFC 6455, section 5.4).
func TestConformanceFragments(t *testing.T) {
	begin := func(s string) []byte { return frame(ws.OpText, false, s) }
	more := func(s string) []byte { return frame(ws.OpContinuation, false, s) }
	end := func(s string) []byte { return frame(ws.OpContinuation, true, s) }
	ping := func(s string) []byte { return frame(ws.OpPing, true, s) }
	conform(t, anyChop(), []exchange{
		{"5.1 ping", [][]byte{frame(ws.OpPing, false, "a"), end("b")}, nil, 1002},
		{"5.2 pong", [][]byte{frame(ws.OpPong, false, "a"), end("b")}, nil, 1002},
		{"5.3 to 5.5 two", [][]byte{begin("fragment 1"), end("fragment 2")}, echoed("fragment 1fragment 2"), 0},
		{"5.6 to 5.8 a ping between", [][]byte{begin("a"), ping("p"), end("b")}, append(ponged("p"), echoed("ab")...), 0},
		{"5.9 to 5.11 an end of nothing", [][]byte{end("a"), text("b")}, nil, 1002},
		{"5.12 to 5.14 a middle of nothing", [][]byte{more("a"), text("b")}, nil, 1002},
		{"5.15 a middle after the end", [][]byte{begin("a"), end("b"), more("c"), text("d")}, echoed("ab"), 1002},
		{"5.16 a middle before the begin", [][]byte{more("a"), begin("b"), end("c"), more("a"), begin("b"), end("c")}, nil, 1002},
		{"5.17 an end before the begin", [][]byte{end("a"), begin("b"), end("c"), end("a"), begin("b"), end("c")}, nil, 1002},
		{"5.18 two begins", [][]byte{begin("a"), text("b")}, nil, 1002},
		{"5.18 binary within text", [][]byte{begin("a"), frame(ws.OpBinary, true, "b")}, nil, 1002},
		{
			"5.19, 5.20 pings between five",
			[][]byte{begin("1"), more("2"), ping("p"), more("3"), more("4"), ping("q"), end("5")},
			append(ponged("p", "q"), echoed("12345")...), 0,
		},
		{"binary in two", [][]byte{frame(ws.OpBinary, false, "a"), end("b")}, nil, 1003},
	})
}
