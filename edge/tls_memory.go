//go:build linux && !noepoll

package edge

import (
	"bytes"
	"crypto/tls"
	"reflect"
	"unsafe"
)

// tlsFields says where in a tls.Conn the two buffers are that crypto/tls never
// gives back: rawInput, which grows to the largest record that came, and hand,
// to the largest message of a handshake. They are half of an idle socket's
// memory, and up to 20 KiB more. See docs/adr/0010-tls-buffers.md.
type tlsFields struct {
	rawInput, hand uintptr
	known          bool // else this Go calls them otherwise, and keeps what it likes
}

func findTLSFields() (f tlsFields) {
	raw, hasRaw := reflect.TypeFor[tls.Conn]().FieldByName("rawInput")
	hand, hasHand := reflect.TypeFor[tls.Conn]().FieldByName("hand")
	buffer := reflect.TypeFor[bytes.Buffer]()
	if hasRaw && hasHand && raw.Type == buffer && hand.Type == buffer {
		f = tlsFields{rawInput: raw.Offset, hand: hand.Offset, known: true}
	}
	return f
}

func (tlsFields) buffer(t *tls.Conn, offset uintptr) *bytes.Buffer {
	return (*bytes.Buffer)(unsafe.Add(unsafe.Pointer(t), offset)) //nolint:gosec // name and type are checked by findTLSFields
}

// lend gives crypto/tls room for any record, for as long as one socket has its
// turn. What it holds of a record moves there.
func (f tlsFields) lend(t *tls.Conn, room []byte) {
	if f.known {
		raw := f.buffer(t, f.rawInput)
		*raw = *bytes.NewBuffer(append(room[:0], raw.Bytes()...))
	}
}

// takeBack leaves crypto/tls with the bytes that it still needs, and no more.
// Plaintext that was not read yet must not be in the room any longer.
func (f tlsFields) takeBack(t *tls.Conn) {
	if f.known {
		shrink(f.buffer(t, f.rawInput))
		shrink(f.buffer(t, f.hand))
	}
}

func shrink(b *bytes.Buffer) {
	if b.Len() == 0 {
		*b = bytes.Buffer{}
	} else {
		*b = *bytes.NewBuffer(bytes.Clone(b.Bytes()))
	}
}
