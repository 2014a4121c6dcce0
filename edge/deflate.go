package edge

import (
	"bytes"
	"sync"

	"github.com/klauspost/compress/flate"
)

// deflateFrom is the least payload, in bytes, that is worth compressing: a chat
// message of this size loses a quarter of its bytes (of 512 bytes a third, of
// 1 KiB half), smaller ones fit one packet either way.
const deflateFrom = 256

// rsv1 marks the first frame of a compressed message (RFC 7692, section 7.2.3.1).
const rsv1 = 0x40

// deflateTail ends what a flush writes; the wire leaves it out, and the reader
// puts it back (RFC 7692, section 7.2.1).
const deflateTail = "\x00\x00\xff\xff"

// twin is the compressed form of a Frame, made when the first socket needs it
// and kept with the frame: a broadcast is compressed once, however many sockets
// and shards it goes to.
type twin struct {
	once  sync.Once // a shard that comes second waits no longer than compressing takes
	frame *Frame    // nil: the frame is better as it is
}

// form is the frame as it goes out on a socket that has negotiated compression,
// or has not.
func (f *Frame) form(deflate bool) *Frame {
	if deflate {
		return f.deflated()
	}
	return f
}

// deflated is the frame as a socket gets it that negotiated compression: its
// twin, or f itself where that is no smaller. Any goroutine may call it.
func (f *Frame) deflated() *Frame {
	if f.Len()-f.head < deflateFrom || !f.text {
		return f
	}
	f.twin.once.Do(f.makeTwin)
	if f.twin.frame == nil {
		return f
	}
	return f.twin.frame
}

func (f *Frame) makeTwin() {
	t := NewText(func(b []byte) []byte { return appendDeflated(b, f.Payload()) })
	if t.Len() >= f.Len() {
		return
	}
	t.wire[0] |= rsv1
	t.bulk = f.bulk
	f.twin.frame = t
}

// appendDeflated appends payload's compressed form (RFC 7692, section 7.2.1) to
// b. The stateless encoder is the choice: nothing of it outlives the call but a
// pool that all shards share (280 KiB a core; a writer that keeps its window has
// 0.8 to 1.2 MiB), and it is the fastest, its output 3 to 8 % larger than level 6.
func appendDeflated(b, payload []byte) []byte {
	out := appender(b)
	_ = flate.StatelessDeflate(&out, payload, false, nil) // fails only if the writer does
	return bytes.TrimSuffix(out, []byte(deflateTail))
}

// appender is an io.Writer to the end of a slice.
type appender []byte

func (a *appender) Write(p []byte) (int, error) {
	*a = append(*a, p...)
	return len(p), nil
}
