package edge

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A frame's buffer is used again when nobody holds it, and not before.
func TestAFrameIsUsedAgainWhenNobodyHoldsIt(t *testing.T) {
	t.Parallel()
	c, sock := newTestConn(Config{})
	s := c.shard
	text := func(what string) *Frame {
		return s.NewText(func(b []byte) []byte { return append(b, what...) })
	}

	f := text("one")
	s.turn()
	require.Same(t, f, text("two"), "nobody kept it")
	s.turn()

	sock.blocked = true
	f = text("waits")
	c.Send(f)
	s.turn()
	require.NotSame(t, f, text("other"))
	s.turn()
	require.Equal(t, "waits", string(f.Payload()))
	sock.blocked, sock.keep = false, true
	c.writable()
	s.turn()
	require.Equal(t, string(f.wire), string(sock.written))
	require.Contains(t, []*Frame{text("a"), text("b")}, f, "it was written")
	s.turn()

	f = text("kept")
	f.Hold()
	s.turn()
	s.turn()
	require.Equal(t, "kept", string(f.Payload()))
	f.Release(s)
	require.Panics(t, func() { f.Release(s) }, "one release too many")

	plain := NewText(func(b []byte) []byte { return append(b, 'p') })
	plain.Release(s) // the garbage collector's
	require.Equal(t, "p", string(plain.Payload()))
}

// A frame that was marked bulk is an ordinary one when it is used again.
func TestAFrameForgetsThatItWasBulk(t *testing.T) {
	t.Parallel()
	c, _ := newTestConn(Config{})
	f := c.shard.NewText(func(b []byte) []byte { return b }).Bulk()
	c.shard.turn()
	g := c.shard.NewText(func(b []byte) []byte { return b })
	require.Same(t, f, g)
	require.False(t, g.bulk)
}

func TestThePoolIsBoundedAndShrinks(t *testing.T) {
	t.Parallel()
	c, _ := newTestConn(Config{})
	s := c.shard
	for range 2 * spareFrames {
		s.NewText(func(b []byte) []byte { return append(b, 'x') })
	}
	s.NewText(func(b []byte) []byte { return append(b, make([]byte, spareFrameBytes)...) })
	s.turn()
	require.Len(t, s.pool.frames, spareFrames)
	for _, f := range s.pool.frames {
		require.LessOrEqual(t, cap(f.buf), spareFrameBytes)
	}
	for range 11 {
		s.pool.shrink()
	}
	require.Empty(t, s.pool.frames)
}
