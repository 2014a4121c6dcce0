package edge

import (
	"bytes"
	"errors"
	"io"
	"slices"

	"github.com/gobwas/ws"
	"github.com/klauspost/compress/flate"
)

var (
	errInflatedTooBig = errors.New("message too big")
	errNotDeflate     = errors.New("compressed data is corrupt")
)

// finalBlock is an empty stored block with BFINAL set: behind a message it tells
// the reader of DEFLATE, which knows no messages, that there is no more.
const finalBlock = "\x01\x00\x00\xff\xff"

// keepInflated is the most memory, in bytes, that an inflater keeps for the next
// message.
const keepInflated = 128 << 10

// inflater undoes permessage-deflate for the sockets of one shard, one message
// after the other: nothing of one socket's is kept between two of its messages.
type inflater struct {
	source  bytes.Reader
	deflate io.Reader // of source; also a flate.Resetter
	in      []byte    // the message with its end put back
	text    []byte
}

func newInflater() *inflater {
	z := &inflater{}
	z.deflate = flate.NewReader(&z.source)
	return z
}

// inflate returns the text of a message (RFC 7692, section 7.2.2), of at most
// so many bytes: it stops at the first beyond, however much would follow. The
// text is the inflater's, valid until the next call.
func (z *inflater) inflate(message []byte, most int) (text []byte, err error) {
	in := append(append(append(z.in[:0], message...), deflateTail...), finalBlock...)
	text = z.text[:0]
	z.source.Reset(in)
	for z.source.Len() > 0 && err == nil { // a block with BFINAL may end at any byte (section 7.2.3.4)
		text, err = z.stream(text, most)
	}
	z.source.Reset(nil)
	if cap(in) <= keepInflated {
		z.in = in
	}
	if cap(text) <= keepInflated {
		z.text = text
	}
	return text, err
}

// stream appends what the source holds up to the next block with BFINAL.
func (z *inflater) stream(text []byte, most int) ([]byte, error) {
	if err := z.deflate.(flate.Resetter).Reset(&z.source, nil); err != nil {
		return text, errNotDeflate
	}
	for {
		if len(text) == cap(text) {
			text = slices.Grow(text, 4<<10)
		}
		n, err := z.deflate.Read(text[len(text):min(cap(text), most+1)])
		text = text[:len(text)+n]
		switch {
		case len(text) > most:
			return text, errInflatedTooBig
		case errors.Is(err, io.EOF):
			return text, nil
		case err != nil:
			return text, errNotDeflate
		}
	}
}

// unmark takes the bit off h that says "compressed", where a client that
// negotiated it may set it: on the first frame of a data message, never on others
// (RFC 7692, section 6).
func unmark(h ws.Header) ws.Header {
	if h.OpCode == ws.OpText || h.OpCode == ws.OpBinary {
		h.Rsv = ws.Rsv(false, h.Rsv2(), h.Rsv3())
	}
	return h
}

// most is how many bytes of payload the message that h belongs to may have. A
// compressed one may be longer than its text, by an eighth with the worst of
// encoders; the text itself is measured when it is inflated.
func (c *Conn) most(h ws.Header) int {
	n := c.shard.edge.cfg.FrameBytes
	if c.isCompressed(h) {
		n += n/8 + 64
	}
	return n
}

// isCompressed reports whether h belongs to a compressed message.
func (c *Conn) isCompressed(h ws.Header) bool {
	if h.OpCode == ws.OpContinuation {
		return c.compressed
	}
	return h.Rsv1()
}

// inflate is the text of a compressed message; without it the socket is closed.
// A peer whose data cannot be inflated sent no text: 1007, as other servers say.
func (c *Conn) inflate(message []byte) (text []byte, ok bool) {
	if c.shard.inflater == nil {
		c.shard.inflater = newInflater()
	}
	text, err := c.shard.inflater.inflate(message, c.shard.edge.cfg.FrameBytes)
	switch {
	case errors.Is(err, errInflatedTooBig):
		c.fail(codeTooBig, err.Error())
	case err != nil:
		c.fail(codeNotUTF8, err.Error())
	}
	return text, err == nil
}
