package floor

import (
	"bytes"
	"encoding/binary"
)

// answer ends the opening handshake: the accept key of the sample nonce in RFC
// 6455, section 1.3, which is the one that the client sends, and a frame that
// tells it that it may begin.
const answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
	"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n" + "\x81\x12" + `{"type":"welcome"}`

// cutRequest splits the opening handshake off b and finds its path; it is false
// if it is not complete.
func cutRequest(b []byte) (path, rest []byte, ok bool) {
	head, rest, ok := bytes.Cut(b, []byte("\r\n\r\n"))
	if !ok {
		return nil, b, false
	}
	_, path, _ = bytes.Cut(head, []byte(" "))
	path, _, _ = bytes.Cut(path, []byte(" "))
	return path, rest, true
}

// verdict is what the beginning of a stream is.
type verdict int

const (
	partial verdict = iota // not all of a frame
	whole                  // a text frame
	over                   // a close frame, or what this server does not know
)

// relayed makes a server's frame of the client's at the beginning of b (RFC
// 6455, section 5.2). It is made in place: its header ends where the mask ended.
func relayed(b []byte) (frame, rest []byte, v verdict) {
	const finText, masked, head = 0x81, 0x80, 2
	if len(b) < head {
		return nil, b, partial
	}
	n, ext := int(b[1]&0x7f), 0
	if n == 126 {
		ext = 2
	}
	if b[0] != finText || b[1]&masked == 0 || n == 127 {
		return nil, b, over
	}
	at := head + ext
	if len(b) < at+4 {
		return nil, b, partial
	}
	if ext != 0 {
		n = int(binary.BigEndian.Uint16(b[head:]))
	}
	mask := binary.LittleEndian.Uint32(b[at:])
	from := at + 4
	if len(b) < from+n {
		return nil, b, partial
	}
	length := b[1] &^ masked
	frame = b[from-head-ext : from+n]
	unmask(frame[head+ext:], mask)
	frame[0], frame[1] = finText, length
	if ext != 0 {
		binary.BigEndian.PutUint16(frame[head:], uint16(n))
	}
	return frame, b[from+n:], whole
}

// unmask undoes a mask (RFC 6455, section 5.3), eight bytes at a time.
func unmask(b []byte, mask uint32) {
	wide := uint64(mask)<<32 | uint64(mask)
	for len(b) >= 8 {
		binary.LittleEndian.PutUint64(b, binary.LittleEndian.Uint64(b)^wide)
		b = b[8:]
	}
	for i := range b {
		b[i] ^= byte(mask >> (8 * (i & 3)))
	}
}
