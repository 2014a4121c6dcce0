package edge

import (
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/gobwas/ws"
	"github.com/stretchr/testify/require"
)

// prose is a text of n bytes that can be compressed.
func prose(n int) string {
	return strings.Repeat(`{"type":"chat_message","data":{"content":"hello"}}`, n/50+1)[:n]
}

func TestTwinIsTheSameMessage(t *testing.T) {
	t.Parallel()
	for _, n := range []int{deflateFrom, deflateFrom + 1, 1000, 1 << 15, 1<<16 - 1, 1 << 16, 1 << 20} {
		f := TextOf([]byte(prose(n)))
		twin := f.deflated()
		require.NotSame(t, f, twin, "%d bytes", n)
		require.Less(t, twin.Len(), f.Len())
		require.Equal(t, byte(0x80|rsv1|ws.OpText), twin.wire[0])
		text, code := inflated(twin.Payload(), n)
		require.Zero(t, code)
		require.Equal(t, prose(n), string(text))
	}
}

func TestFrameThatIsBetterAsItIs(t *testing.T) {
	t.Parallel()
	noise := make([]byte, 4096)
	_, _ = rand.NewChaCha8([32]byte{}).Read(noise)
	for name, f := range map[string]*Frame{
		"small": TextOf([]byte(prose(deflateFrom - 1))),
		"empty": TextOf(nil),
		"noise": TextOf(noise),
		"ping":  control(ws.OpPing, []byte(prose(ws.MaxControlFramePayloadSize))),
		"close": closing(Closure{Code: 1000, Reason: prose(500)}),
	} {
		require.Same(t, f, f.deflated(), name)
		require.Nil(t, f.twin.frame, name)
	}
}

// However many shards ask at once, one compresses.
func TestFrameIsCompressedOnce(t *testing.T) {
	t.Parallel()
	for range 50 {
		f := TextOf([]byte(prose(3000)))
		twins := make([]*Frame, 8)
		var asking sync.WaitGroup
		for i := range twins {
			asking.Go(func() { twins[i] = f.deflated() })
		}
		asking.Wait()
		for _, twin := range twins {
			require.Same(t, twins[0], twin)
		}
	}
}

func TestSendChoosesByWhatTheSocketNegotiated(t *testing.T) {
	t.Parallel()
	f := TextOf([]byte(prose(1000)))
	for negotiated, want := range map[bool]*Frame{false: f, true: f.deflated()} {
		c, sock := newTestConn(Config{})
		c.deflate, sock.keep = negotiated, true
		c.Send(f)
		require.Equal(t, want.Len(), c.Buffered())
		c.shard.settle()
		require.Equal(t, want.wire, sock.written)
	}
}

// BenchmarkDeflate is the cost of one broadcast's twin.
func BenchmarkDeflate(b *testing.B) {
	for name, n := range map[string]int{"256B": 256, "1KiB": 1 << 10, "4KiB": 4 << 10, "64KiB": 64 << 10} {
		b.Run(name, func(b *testing.B) {
			payload := []byte(prose(n))
			b.SetBytes(int64(n))
			b.ReportAllocs()
			for b.Loop() {
				f := Frame{wire: payload}
				f.wire[0] = byte(ws.OpText)
				f.makeTwin()
			}
		})
	}
}
