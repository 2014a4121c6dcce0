package edge

import (
	"testing"

	"github.com/gobwas/ws"
)

// BenchmarkReceive is a small message from the transport to its handler.
func BenchmarkReceive(b *testing.B) {
	message := ws.MustCompileFrame(ws.MaskFrameWith(ws.NewTextFrame(make([]byte, 200)), [4]byte{1, 2, 3, 4}))
	c, _ := newTestConn(Config{})
	buf := make([]byte, len(message))
	b.SetBytes(int64(len(message)))
	b.ReportAllocs()
	for b.Loop() {
		copy(buf, message)
		c.shard.budget.begin()
		c.feed(buf)
	}
}

// BenchmarkSend is a shared frame from Send to the transport.
func BenchmarkSend(b *testing.B) {
	f := TextOf(make([]byte, 200))
	c, _ := newTestConn(Config{})
	b.SetBytes(int64(f.Len()))
	b.ReportAllocs()
	for b.Loop() {
		c.Send(f)
		c.shard.settle()
	}
}
