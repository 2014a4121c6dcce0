package swarm

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/gobwas/ws"

	"parley/protocol"
)

// frame is one frame of the server's (RFC 6455, section 5.2).
type frame struct {
	op      ws.OpCode
	packed  bool   // compressed (RFC 7692, section 6)
	payload []byte // of the buffer it was read from
}

// nextFrame splits the first frame off b; ok is false if it is not complete.
func nextFrame(b []byte) (f frame, rest []byte, ok bool, err error) {
	if len(b) < 2 {
		return f, b, false, nil
	}
	const fin, rsv1, masked = 0x80, 0x40, 0x80
	op, packed, n := ws.OpCode(b[0]&0x0f), b[0]&rsv1 != 0, uint64(b[1]&0x7f)
	if b[0]&0xf0&^rsv1 != fin || b[1]&masked != 0 {
		return f, b, false, fmt.Errorf("swarm: frame header %x: fragments, other extensions and masks are not expected of a server", b[:2])
	}
	size := 2
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
	if uint64(len(b)-size) < n {
		return f, b, false, nil
	}
	end := size + int(n)
	return frame{op, packed, b[size:end]}, b[end:], true, nil
}

// typeOf is the type of a server's message. It is looked for where Parley puts
// it; only if it is not there the JSON is decoded.
func typeOf(payload []byte) protocol.Type {
	if rest, ok := bytes.CutPrefix(payload, []byte(`{"type":"`)); ok {
		if end := bytes.IndexByte(rest, '"'); end >= 0 {
			return known(rest[:end])
		}
	}
	var envelope struct {
		Type protocol.Type `json:"type"`
	}
	_ = json.Unmarshal(payload, &envelope) // what is no JSON has no type
	return envelope.Type
}

// known spares an allocation for the types that come in numbers.
func known(b []byte) protocol.Type {
	switch protocol.Type(b) {
	case protocol.TypeAck:
		return protocol.TypeAck
	case protocol.TypeChatMessage:
		return protocol.TypeChatMessage
	case protocol.TypeTyping:
		return protocol.TypeTyping
	case protocol.TypeOffer:
		return protocol.TypeOffer
	case protocol.TypeICECandidate:
		return protocol.TypeICECandidate
	default:
		return protocol.Type(b)
	}
}

// errClosed is what a close frame that nobody asked for comes to.
var errClosed = errors.New("swarm: the server closed a socket")

func closeError(payload []byte) error {
	if len(payload) < 2 {
		return errClosed
	}
	return fmt.Errorf("%w: %d %s", errClosed, binary.BigEndian.Uint16(payload), payload[2:])
}
