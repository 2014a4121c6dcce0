package swarm

import (
	"bytes"

	"github.com/gobwas/ws"
)

// Stamp is what a Template's payload holds wherever the number of the frame is
// to be written when it is sent. No other '@' may come before the first one in
// what the server makes of the frame: it is found by that byte.
const Stamp = "@0000000000000000"

const (
	mark   = '@'
	digits = len(Stamp) - 1
)

// Template is a client's frame, encoded and masked once.
type Template struct {
	payload string
	wire    []byte
	head    int // length of the header
	mask    [4]byte
	stamps  []int // offsets in wire of each stamp's first digit
}

// NewTemplate makes a text frame whose payload holds Stamp at least once.
func NewTemplate(payload string) *Template {
	t := &Template{payload: payload, mask: [4]byte{0x5a, 0xc3, 0x17, 0x88}}
	t.wire = ws.MustCompileFrame(ws.MaskFrameWith(ws.NewTextFrame([]byte(payload)), t.mask))
	t.head = len(t.wire) - len(payload)
	for at := 0; ; {
		next := bytes.Index([]byte(payload[at:]), []byte(Stamp))
		if next < 0 {
			return t
		}
		at += next + 1
		t.stamps = append(t.stamps, t.head+at)
	}
}

// Payload is the message with its stamps unwritten.
func (t *Template) Payload() string { return t.payload }

// stamp writes the number of one sending into the frame and returns its bytes,
// which are valid until the next call.
func (t *Template) stamp(slot, turn uint32) []byte {
	const hex = "0123456789abcdef"
	number := uint64(slot)<<32 | uint64(turn)
	for _, at := range t.stamps {
		for i := range digits {
			digit := hex[number>>(60-4*i)&0xf]
			t.wire[at+i] = digit ^ t.mask[(at-t.head+i)&3]
		}
	}
	return t.wire
}

// findStamp reads the first stamp in what a server sent.
func findStamp(payload []byte) (slot, turn uint32, ok bool) {
	at := bytes.IndexByte(payload, mark) + 1
	if at == 0 || len(payload)-at < digits {
		return 0, 0, false
	}
	var number uint64
	for _, c := range payload[at : at+digits] {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		default:
			return 0, 0, false
		}
		number = number<<4 | uint64(c)
	}
	return uint32(number >> 32), uint32(number), true
}
