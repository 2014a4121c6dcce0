package edge

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/gobwas/ws"
	"github.com/stretchr/testify/require"
)

const fuzzLimit = 300 // bytes of a message, so that a fuzzer reaches it

// FuzzFrames feeds arbitrary bytes, cut at arbitrary places and paused at
// arbitrary messages, and compares with the reference.
func FuzzFrames(f *testing.F) {
	seedStreams(f)
	f.Fuzz(func(t *testing.T, stream, cuts []byte, deflate bool) {
		want := expected(stream, deflate, fuzzLimit)
		got := fed(stream, cuts, deflate)
		require.Equal(t, want.messages, got.messages)
		require.Equal(t, want.closed, got.closed)
		require.Equal(t, want.code, got.code)
		require.Equal(t, want.answers, got.answers)
	})
}

// seedStreams gives a fuzzer something of everything to begin with.
func seedStreams(f *testing.F) {
	f.Helper()
	f.Add(masked(ws.OpText, true, "hello"), []byte{1, 2, 3}, false)
	f.Add(slices.Concat(
		masked(ws.OpText, false, "fr\xe2"), masked(ws.OpPing, true, "p"), masked(ws.OpContinuation, true, "\x98\x83"),
		masked(ws.OpClose, true, "\x03\xe8bye"), masked(ws.OpText, true, "late")), []byte{7, 1, 0, 255}, true)
	f.Add(masked(ws.OpBinary, true, "b"), []byte{}, false)
	f.Add(masked(ws.OpText, true, string(make([]byte, fuzzLimit))), []byte{200}, false)
	f.Add(masked(ws.OpText, true, string(make([]byte, fuzzLimit+1))), []byte{3}, true)
	f.Add([]byte{0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4}, []byte{9}, false)
	f.Add([]byte{0x81, 0x05, 'h', 'e', 'l', 'l', 'o'}, []byte{2}, true)
	f.Add(masked(ws.OpText, true, "in one \xff frame")[:18], []byte{2, 4, 6, 8, 10}, false)
	f.Add(masked(ws.OpText, true, "in one \xff frame")[:18], []byte{17}, false) // while reading is paused
	f.Add(masked(ws.OpText, true, strings.Repeat("🂡", 9))[:25], []byte{6, 0, 2, 0, 0, 1, 4}, false)
	f.Add(slices.Concat(
		masked(ws.OpText, false, "\xf0\x9f"), masked(ws.OpContinuation, false, "\x98"), masked(ws.OpContinuation, false, "x"),
	), []byte{1}, true)
	hello := string(appendDeflated(nil, []byte(strings.Repeat("hello ", 20))))
	f.Add(slices.Concat(
		marked(masked(ws.OpText, true, hello)), masked(ws.OpText, true, "plain"), marked(masked(ws.OpText, true, hello[:9])),
	), []byte{4}, true)
	f.Add(slices.Concat(
		marked(masked(ws.OpText, false, hello[:5])), masked(ws.OpPing, true, "p"), masked(ws.OpContinuation, true, hello[5:]),
	), []byte{8}, true)
	f.Add(slices.Concat(
		marked(masked(ws.OpText, false, hello[:5])), marked(masked(ws.OpContinuation, true, hello[5:])),
	), []byte{8}, true)
	f.Add(marked(masked(ws.OpText, true, string(appendDeflated(nil, make([]byte, 9*fuzzLimit))))), []byte{}, true)
}

// masked is a client's frame.
func masked(op ws.OpCode, fin bool, payload string) []byte {
	return ws.MustCompileFrame(ws.MaskFrameWith(ws.NewFrame(op, fin, []byte(payload)), [4]byte{1, 2, 3, 4}))
}

// marked sets the bit that says "compressed" on a frame.
func marked(frame []byte) []byte {
	frame[0] |= rsv1
	return frame
}

// fed is what a connection makes of the stream. Each byte of cuts is the length
// of a piece; the odd ones are fed while reading is paused.
func fed(stream, cuts []byte, deflate bool) outcome {
	c, sock := newTestConn(Config{FrameBytes: fuzzLimit, OutboundBytes: 1 << 30})
	sock.keep = true
	c.deflate = deflate
	l := &listener{keep: true}
	c.handler = l
	stream = bytes.Clone(stream) // frames are unmasked in place
	for len(stream) > 0 && c.state != stateDead {
		n, pause := len(stream), false
		if len(cuts) > 0 {
			n, pause = min(n, 1+int(cuts[0])), cuts[0]%2 == 1
			cuts = cuts[1:]
		}
		if pause {
			c.PauseReading()
		}
		c.feed(slices.Clone(stream[:n])) // the transport's buffer is its own again
		c.ResumeReading()
		for c.shard.turn(); c.shard.busy(); {
			c.shard.turn()
		}
		stream = stream[n:]
	}
	got := outcome{messages: l.messages, answers: sock.written, closed: len(l.closed) > 0}
	if got.closed {
		got.code = l.closed[0].Code
	}
	return got
}
