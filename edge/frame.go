package edge

import (
	"encoding/binary"
	"sync/atomic"
	"unicode/utf8"

	"github.com/gobwas/ws"
)

// maxHeader is the longest header of an unmasked frame (RFC 6455, section 5.2).
const maxHeader = 10

// Frame is one encoded WebSocket message, shared by all the sockets that it is
// sent to. Its bytes do not change while anybody holds it.
type Frame struct {
	wire []byte // header and payload
	head int    // length of the header
	bulk bool   // may wait for frames that are not
	text bool   // is a message, neither a control frame nor an HTTP answer
	twin twin   // for sockets that negotiated compression

	// Of a frame in a shard's buffer; others are left to the garbage collector.
	buf   []byte // what wire lies in
	holds atomic.Int32
}

// NewText encodes a text message whose payload fill appends to the buffer that
// it is given, without copying it again. It may be kept for any time; on a
// shard's goroutine, Shard.NewText costs less.
func NewText(fill func(b []byte) []byte) *Frame {
	return seal(fill(make([]byte, maxHeader, 256)), ws.OpText)
}

// TextOf encodes a copy of payload as a text message.
func TextOf(payload []byte) *Frame {
	b := make([]byte, maxHeader, maxHeader+len(payload))
	return seal(append(b, payload...), ws.OpText)
}

// Bulk marks a frame, before it is first sent, as one that others may overtake
// on a socket where both wait. Frames of a kind stay in order.
func (f *Frame) Bulk() *Frame {
	f.bulk = true
	return f
}

// Payload is the message without its header. It must not be changed.
func (f *Frame) Payload() []byte { return f.wire[f.head:] }

// Len is the size on the wire, in bytes.
func (f *Frame) Len() int { return len(f.wire) }

// Weight is what a frame that waits or is kept counts for, in bytes: its size
// and what is spent on keeping it.
func (f *Frame) Weight() int { return f.Len() + 64 }

// verbatim wraps bytes that go out as they are: the answer to a handshake.
func verbatim(b []byte) *Frame { return &Frame{wire: b} }

func control(op ws.OpCode, payload []byte) *Frame {
	b := make([]byte, maxHeader, maxHeader+len(payload))
	return seal(append(b, payload...), op)
}

func closing(c Closure) *Frame {
	if c.Code == codeNoStatus {
		return control(ws.OpClose, nil)
	}
	return control(ws.OpClose, ws.NewCloseFrameBody(ws.StatusCode(c.Code), shorten(c.Reason)))
}

// shorten cuts a close reason to what a control frame holds (RFC 6455, section
// 5.5), between two characters: a torn one would not be UTF-8.
func shorten(reason string) string {
	end := ws.MaxControlFramePayloadSize - 2
	if len(reason) <= end {
		return reason
	}
	for end > 0 && !utf8.RuneStart(reason[end]) {
		end--
	}
	return reason[:end]
}

func seal(b []byte, op ws.OpCode) *Frame {
	f := &Frame{}
	f.seal(b, op)
	return f
}

// seal writes the header right before the payload, which starts at maxHeader.
func (f *Frame) seal(b []byte, op ws.OpCode) {
	const fin = 0x80
	n := len(b) - maxHeader
	var start int
	switch {
	case n < 126:
		start = maxHeader - 2
		b[start+1] = byte(n)
	case n <= 0xffff:
		start = maxHeader - 4
		b[start+1] = 126
		binary.BigEndian.PutUint16(b[start+2:], uint16(n))
	default:
		start = 0
		b[1] = 127
		binary.BigEndian.PutUint64(b[2:], uint64(n))
	}
	b[start] = fin | byte(op)
	f.wire, f.head, f.text = b[start:], maxHeader-start, op == ws.OpText
}
