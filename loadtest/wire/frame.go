package wire

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/coder/websocket"
	"github.com/gobwas/ws"
)

// MostPayload bounds a frame of the server's, in bytes.
const MostPayload = 16 << 20

// What Cut refuses.
var (
	ErrHeader   = errors.New("wire: a frame that no server may send")
	ErrTooLarge = errors.New("wire: a message of more than 16 MiB")
)

// Frame is one frame of the server's (RFC 6455, section 5.2).
type Frame struct {
	Fin     bool
	Packed  bool // compressed (RFC 7692, section 6)
	Op      ws.OpCode
	Payload []byte // of the buffer it was read from
}

// Cut splits the first frame off b; ok is false if it is not complete, and rest is b
// then, as it is with an error.
func Cut(b []byte) (f Frame, rest []byte, ok bool, err error) {
	const fin, rsv1, reserved, masked = 0x80, 0x40, 0x30, 0x80
	if len(b) < 2 {
		return f, b, false, nil
	}
	if b[0]&reserved != 0 || b[1]&masked != 0 {
		return f, b, false, fmt.Errorf("%w: header %x", ErrHeader, b[:2])
	}
	size, n := 2, uint64(b[1]&0x7f)
	switch n {
	case 126:
		size = 4
	case 127:
		size = 10
	}
	if len(b) < size {
		return f, b, false, nil
	}
	switch size {
	case 4:
		n = uint64(binary.BigEndian.Uint16(b[2:]))
	case 10:
		n = binary.BigEndian.Uint64(b[2:])
	}
	if n > MostPayload {
		return f, b, false, ErrTooLarge
	}
	end := size + int(n)
	if len(b) < end {
		return f, b, false, nil
	}
	return Frame{b[0]&fin != 0, b[0]&rsv1 != 0, ws.OpCode(b[0] & 0x0f), b[size:end]}, b[end:], true, nil
}

// Masked is a client's frame, masked by a key of its own (RFC 6455, section 5.3).
func Masked(op ws.OpCode, payload []byte) []byte {
	return ws.MustCompileFrame(ws.MaskFrame(ws.NewFrame(op, true, payload)))
}

// CloseError is what a close frame says (RFC 6455, section 5.5.1).
func CloseError(payload []byte) error {
	if len(payload) < 2 {
		return websocket.CloseError{Code: websocket.StatusNoStatusRcvd}
	}
	return websocket.CloseError{Code: websocket.StatusCode(binary.BigEndian.Uint16(payload)), Reason: string(payload[2:])}
}
