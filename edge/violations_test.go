package edge_test

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/gobwas/ws"
	"github.com/stretchr/testify/require"

	"parley/edge"
)

// violation is what RFC 6455 forbids a client, and the code that it is told.
type violation struct {
	name  string
	bytes []byte
	code  uint16
}

// first changes the first byte of a frame.
func first(f []byte, set byte) []byte {
	f = bytes.Clone(f)
	f[0] |= set
	return f
}

// declared is a masked frame's header that promises n bytes.
func declared(first byte, n uint64) []byte {
	h := binary.BigEndian.AppendUint64([]byte{first, 0x80 | 127}, n)
	return append(h, 1, 2, 3, 4)
}

func violations() []violation {
	big := strings.Repeat("b", 40000)
	return []violation{
		{"not masked", ws.MustCompileFrame(ws.NewTextFrame([]byte("hi"))), 1002},
		{"reserved bit 1", first(text("hi"), 0x40), 1002},
		{"reserved bit 2", first(text("hi"), 0x20), 1002},
		{"reserved bit 3 on a ping", first(frame(ws.OpPing, true, ""), 0x10), 1002},
		{"reserved data opcode 3", frame(3, true, "hi"), 1002},
		{"reserved data opcode 7", frame(7, true, ""), 1002},
		{"reserved control opcode 11", frame(11, true, ""), 1002},
		{"reserved control opcode 15", frame(15, true, "hi"), 1002},
		{"control frame too long", frame(ws.OpPing, true, strings.Repeat("p", 126)), 1002},
		{"control frame promises the most", declared(0x89, 1<<63-1), 1002},
		{"control frame in fragments", frame(ws.OpPing, false, ""), 1002},
		{"close frame in fragments", frame(ws.OpClose, false, ""), 1002},
		{"continuation of nothing", frame(ws.OpContinuation, true, "hi"), 1002},
		{"text within a message", append(frame(ws.OpText, false, "a"), text("b")...), 1002},
		{"binary within a message", append(frame(ws.OpText, false, "a"), frame(ws.OpBinary, true, "b")...), 1002},
		{"binary", frame(ws.OpBinary, true, "hi"), 1003},
		{"binary in fragments", frame(ws.OpBinary, false, "hi"), 1003},
		{"not UTF-8", text("caf\xe9"), 1007},
		{"UTF-8 cut short", text("\xe2\x98"), 1007},
		{"surrogate half", text("\xed\xa0\x80"), 1007},
		{"not UTF-8 over fragments", append(frame(ws.OpText, false, "\xe2"), frame(ws.OpContinuation, true, "x")...), 1007},
		{"too big", text(strings.Repeat("b", 65537)), 1009},
		{"too big, promised", declared(0x81, 65537), 1009},
		{"too big, 63 bits", declared(0x81, 1<<63-1), 1009},
		{"too big in fragments", append(frame(ws.OpText, false, big), frame(ws.OpContinuation, true, big)...), 1009},
		{"length of 64 bits", declared(0x81, 1<<63), 1002},
		{"close code cut short", frame(ws.OpClose, true, "\x03"), 1002},
		{"close code 0", closeFrame(0, ""), 1002},
		{"close code 999", closeFrame(999, ""), 1002},
		{"close code 1004", closeFrame(1004, ""), 1002},
		{"close code 1005", closeFrame(1005, ""), 1002},
		{"close code 1006", closeFrame(1006, ""), 1002},
		{"close code 1015", closeFrame(1015, ""), 1002},
		{"close code 1016", closeFrame(1016, ""), 1002},
		{"close code 2999", closeFrame(2999, ""), 1002},
		{"close code 5000", closeFrame(5000, ""), 1002},
		{"close code 65535", closeFrame(65535, ""), 1002},
		{"close reason not UTF-8", closeFrame(1000, "caf\xe9"), 1002},
	}
}

// The client is in the middle of writing a megabyte when it is told, and still
// gets to read why.
func TestViolationsAreToldByCode(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{}, nil)
		megabyte := bytes.Repeat(text(strings.Repeat("m", 1000)), 1000)
		for _, v := range violations() {
			t.Run(v.name, func(t *testing.T) {
				p := s.peer()
				k := s.next()
				p.t = t
				p.send(text("before"))
				written := make(chan struct{})
				go func() {
					defer close(written)
					_, _ = p.Write(append(v.bytes, megabyte...)) // may fail once the server has gone
				}()
				code, reason := p.closeFrame()
				require.Equal(t, v.code, code, "reason %q", reason)
				require.NotEmpty(t, reason)
				_ = p.Close()
				<-written

				require.Equal(t, edge.Closure{Code: v.code, Reason: reason}, k.end(t))
				require.Equal(t, "before", <-k.received)
				require.Empty(t, k.received, "nothing is handled after the violation")
			})
		}
		s.empty()
	})
}

func TestFrameLimitIsConfigured(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{FrameBytes: 200 << 10}, echo)
		p := s.peer()
		most := strings.Repeat("m", 200<<10)
		p.send(text(most))
		require.Equal(t, most, p.text())
		p.send(frame(ws.OpText, false, most[:100<<10]), frame(ws.OpContinuation, true, most[100<<10:]))
		require.Equal(t, most, p.text())
		p.send(text(most + "m")[:20])
		code, _ := p.closeFrame()
		require.Equal(t, uint16(1009), code)
	})
}
