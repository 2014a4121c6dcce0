package edge

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"
	"unicode/utf8"

	"github.com/gobwas/ws"
	"github.com/stretchr/testify/require"
)

const fuzzLimit = 300 // bytes of a message, so that a fuzzer reaches it

// outcome is what a stream of bytes must lead to.
type outcome struct {
	messages []string
	answers  []byte // pongs, and the close frame
	closed   bool
	code     uint16
}

// FuzzFrames feeds arbitrary bytes, cut at arbitrary places and paused at
// arbitrary messages, and compares with a reader that has the whole stream
// before it and follows the RFC line by line.
func FuzzFrames(f *testing.F) {
	masked := func(op ws.OpCode, fin bool, payload string) []byte {
		return ws.MustCompileFrame(ws.MaskFrameWith(ws.NewFrame(op, fin, []byte(payload)), [4]byte{1, 2, 3, 4}))
	}
	f.Add(masked(ws.OpText, true, "hello"), []byte{1, 2, 3})
	f.Add(slices.Concat(
		masked(ws.OpText, false, "fr\xe2"), masked(ws.OpPing, true, "p"), masked(ws.OpContinuation, true, "\x98\x83"),
		masked(ws.OpClose, true, "\x03\xe8bye"), masked(ws.OpText, true, "late")), []byte{7, 1, 0, 255})
	f.Add(masked(ws.OpBinary, true, "b"), []byte{})
	f.Add(masked(ws.OpText, true, string(make([]byte, fuzzLimit))), []byte{200})
	f.Add(masked(ws.OpText, true, string(make([]byte, fuzzLimit+1))), []byte{3})
	f.Add([]byte{0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4}, []byte{9})
	f.Add([]byte{0x81, 0x05, 'h', 'e', 'l', 'l', 'o'}, []byte{2})
	f.Fuzz(func(t *testing.T, stream, cuts []byte) {
		want := expected(stream)
		got := fed(stream, cuts)
		require.Equal(t, want.messages, got.messages)
		require.Equal(t, want.closed, got.closed)
		require.Equal(t, want.code, got.code)
		require.Equal(t, want.answers, got.answers)
	})
}

// fed is what a connection makes of the stream. Each byte of cuts is the length
// of a piece; the odd ones are fed while reading is paused.
func fed(stream, cuts []byte) outcome {
	c, sock := newTestConn(Config{FrameBytes: fuzzLimit, OutboundBytes: 1 << 30})
	sock.keep = true
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

// expected reads the stream as RFC 6455 tells a server to, sections 5.2 to 5.5
// and 7.
func expected(stream []byte) (o outcome) {
	var message []byte
	within := false
	end := func(code uint16, reason string) outcome {
		o.closed, o.code = true, code
		o.answers = append(o.answers, closing(Closure{Code: code, Reason: reason}).wire...)
		return o
	}
	for r := bytes.NewReader(stream); ; {
		h, err := ws.ReadHeader(r)
		if err == ws.ErrHeaderLengthMSB { //nolint:errorlint // never wrapped
			return end(1002, err.Error())
		}
		if err != nil {
			return o // the stream ends here
		}
		if err := ws.CheckHeader(h, ws.StateServerSide); err != nil && h.OpCode != ws.OpContinuation {
			return end(1002, err.Error())
		}
		if err := legal(h, within); err != nil {
			return end(1002, err.Error())
		}
		if h.OpCode < 8 && h.Length+int64(len(message)) > fuzzLimit {
			return end(1009, "message too big")
		}
		if int64(r.Len()) < h.Length {
			return o
		}
		payload := make([]byte, h.Length)
		_, _ = r.Read(payload)
		for i := range payload {
			payload[i] ^= h.Mask[i%4]
		}
		switch h.OpCode {
		case 8:
			return closedBy(payload, end)
		case 9:
			o.answers = append(o.answers, control(ws.OpPong, payload).wire...)
		case 2:
			return end(1003, "text frames only")
		case 0, 1:
			message = append(message, payload...)
			within = !h.Fin
			if within {
				continue
			}
			if !utf8.Valid(message) {
				return end(1007, "text is not UTF-8")
			}
			o.messages = append(o.messages, string(message))
			message = nil
		}
	}
}

func legal(h ws.Header, within bool) error {
	switch {
	case h.OpCode >= 8:
		return nil // checked already
	case h.Rsv != 0:
		return ws.ErrProtocolNonZeroRsv
	case !h.Masked:
		return ws.ErrProtocolMaskRequired
	case within && h.OpCode != 0:
		return ws.ErrProtocolContinuationExpected
	case !within && h.OpCode == 0:
		return ws.ErrProtocolContinuationUnexpected
	}
	return nil
}

func closedBy(payload []byte, end func(uint16, string) outcome) outcome {
	if len(payload) == 0 {
		return end(1005, "")
	}
	if len(payload) == 1 {
		return end(1002, "close code cut short")
	}
	code, reason := binary.BigEndian.Uint16(payload), string(payload[2:])
	switch {
	case code < 1000, code > 1003 && code < 1007, code > 1014 && code < 3000, code > 4999:
		return end(1002, "close code not allowed")
	case !utf8.ValidString(reason):
		return end(1002, "close reason is not UTF-8")
	}
	return end(code, reason)
}
