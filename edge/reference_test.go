package edge

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf8"

	"github.com/gobwas/ws"
)

// outcome is what a stream of bytes must lead to.
type outcome struct {
	messages []string
	answers  []byte // pongs, and the close frame
	closed   bool
	code     uint16
}

func (o *outcome) end(code uint16, reason string) {
	o.closed, o.code = true, code
	o.answers = append(o.answers, closing(Closure{Code: code, Reason: reason}).wire...)
}

// reference is a reader that has the whole stream before it and follows the RFCs
// line by line.
type reference struct {
	outcome
	limit      int
	deflate    bool
	within     bool // a message in fragments
	compressed bool // that is compressed
	message    []byte

	// what another implementation may see differently
	final     bool   // a compressed message has a block with BFINAL
	whole     int    // where a frame begins of which the end is missing
	badReason uint16 // code of a close frame whose reason is not UTF-8
}

// expected reads the stream as RFC 6455 tells a server to, sections 5.2 to 5.5
// and 7, and as RFC 7692, section 7.2, where compression was negotiated.
func expected(stream []byte, deflate bool, limit int) outcome {
	return reading(stream, deflate, limit).outcome
}

func reading(stream []byte, deflate bool, limit int) *reference {
	o := &reference{deflate: deflate, limit: limit, whole: len(stream)}
	for r := bytes.NewReader(stream); !o.closed; {
		start := len(stream) - r.Len()
		h, err := ws.ReadHeader(r)
		if errors.Is(err, ws.ErrHeaderLengthMSB) {
			o.end(1002, err.Error())
			break
		}
		if err != nil {
			o.whole = start // the stream ends here
			break
		}
		if err := o.legal(h); err != nil {
			o.end(1002, err.Error())
			break
		}
		if o.tooBig(h) {
			o.compressed = o.isCompressed(h)
			o.end(1009, "message too big")
			break
		}
		payload := make([]byte, min(h.Length, int64(r.Len())))
		_, _ = r.Read(payload)
		for i := range payload {
			payload[i] ^= h.Mask[i%4]
		}
		if int64(len(payload)) < h.Length {
			if h.OpCode < 2 && !o.isCompressed(h) && hopeless(append(o.message, payload...)) {
				o.end(1007, "text is not UTF-8")
			}
			o.whole = start
			break
		}
		o.frame(h, payload)
	}
	return o
}

func (o *reference) legal(h ws.Header) error {
	mark := o.deflate && h.Rsv1() && (h.OpCode == 1 || h.OpCode == 2)
	switch {
	case h.OpCode.IsReserved():
		return ws.ErrProtocolOpCodeReserved
	case h.OpCode >= 8 && h.Length > 125:
		return ws.ErrProtocolControlPayloadOverflow
	case h.OpCode >= 8 && !h.Fin:
		return ws.ErrProtocolControlNotFinal
	case h.Rsv2() || h.Rsv3() || h.Rsv1() && !mark:
		return ws.ErrProtocolNonZeroRsv
	case !h.Masked:
		return ws.ErrProtocolMaskRequired
	case h.OpCode < 8 && o.within && h.OpCode != 0:
		return ws.ErrProtocolContinuationExpected
	case !o.within && h.OpCode == 0:
		return ws.ErrProtocolContinuationUnexpected
	}
	return nil
}

func (o *reference) isCompressed(h ws.Header) bool {
	return h.Rsv1() || h.OpCode == 0 && o.compressed
}

func (o *reference) tooBig(h ws.Header) bool {
	most := o.limit
	if o.isCompressed(h) {
		most += most/8 + 64
	}
	return h.OpCode < 8 && h.Length+int64(len(o.message)) > int64(most)
}

func (o *reference) frame(h ws.Header, payload []byte) {
	switch h.OpCode {
	case 8:
		o.close(payload)
	case 9:
		o.answers = append(o.answers, control(ws.OpPong, payload).wire...)
	case 2:
		o.end(1003, "text frames only")
	case 0, 1:
		o.compressed, o.within = o.isCompressed(h), !h.Fin
		o.message = append(o.message, payload...)
		o.final = o.final || o.compressed && hasFinal(o.message)
		switch {
		case h.Fin:
			o.text()
		case !o.compressed && hopeless(o.message):
			o.end(1007, "text is not UTF-8")
		}
	}
}

// text ends a message.
func (o *reference) text() {
	text := o.message
	o.message = nil
	if o.compressed {
		var code uint16
		if text, code = inflated(text, o.limit); code != 0 {
			o.end(code, map[uint16]string{1007: "compressed data is corrupt", 1009: "message too big"}[code])
			return
		}
	}
	if !utf8.Valid(text) {
		o.end(1007, "text is not UTF-8")
		return
	}
	o.messages = append(o.messages, string(text))
}

func (o *reference) close(payload []byte) {
	if len(payload) == 0 {
		o.end(1005, "")
		return
	}
	if len(payload) == 1 {
		o.end(1002, "close code cut short")
		return
	}
	code, reason := binary.BigEndian.Uint16(payload), string(payload[2:])
	switch {
	case code < 1000, code > 1003 && code < 1007, code > 1014 && code < 3000, code > 4999:
		o.end(1002, "close code not allowed")
	case !utf8.ValidString(reason):
		o.badReason = code
		o.end(1002, "close reason is not UTF-8")
	default:
		o.end(code, reason)
	}
}

// hopeless reports whether nothing that may follow makes text UTF-8.
func hopeless(text []byte) bool {
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		if r == utf8.RuneError && n == 1 {
			return utf8.FullRune(text)
		}
		text = text[n:]
	}
	return false
}

// hasFinal reports whether a block of the message has BFINAL set.
func hasFinal(message []byte) bool {
	_, err := io.Copy(io.Discard, flate.NewReader(bytes.NewReader(append(bytes.Clone(message), "\x00\x00\xff\xff"...))))
	return err == nil
}

// inflated undoes compression by the standard library, which inflates as much as
// there is, and looks at the size afterward.
func inflated(message []byte, limit int) (text []byte, code uint16) {
	source := bytes.NewReader(append(bytes.Clone(message), "\x00\x00\xff\xff\x01\x00\x00\xff\xff"...))
	for source.Len() > 0 {
		part, err := io.ReadAll(flate.NewReader(source))
		text = append(text, part...)
		if len(text) > limit {
			return nil, 1009
		}
		if err != nil {
			return nil, 1007
		}
	}
	return text, 0
}
