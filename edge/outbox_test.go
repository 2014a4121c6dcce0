package edge

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/gobwas/ws"
	"github.com/stretchr/testify/require"
)

// Whatever the kernel takes at a time, the bytes come out in order, and what is
// dropped is whole frames.
func TestOutboxAgainstBytes(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 4))
	var o outbox
	var want, got []byte // what was added less what was dropped; what came out
	for step := range 50000 {
		switch k := rng.IntN(10); {
		case k < 5:
			f := TextOf(bytes.Repeat([]byte{byte(step)}, rng.IntN(300)))
			o.add(f)
			want = append(want, f.wire...)
		case k < 9:
			iov := o.vectors(make([][]byte, 0, 1+rng.IntN(8)))
			all := bytes.Join(iov, nil)
			if len(all) > 0 {
				n := rng.IntN(len(all) + 1)
				got = append(got, all[:n]...)
				o.advance(n)
			}
		default:
			waiting := o.bytes
			frames := len(o.frames)
			dropped := o.truncate()
			want = want[:len(want)-(waiting-o.bytes)]
			require.Len(t, o.frames, frames-dropped)
			require.LessOrEqual(t, len(o.frames), 1)
		}
		require.Equal(t, len(want)-len(got), o.bytes, "step %d", step)
		require.Equal(t, o.bytes == 0, o.empty())
	}
	got = append(got, bytes.Join(o.vectors(make([][]byte, 0, len(o.frames))), nil)...)
	require.Equal(t, want, got)
	for r := bytes.NewReader(got); r.Len() > 0; {
		h, err := ws.ReadHeader(r)
		require.NoError(t, err)
		require.Equal(t, ws.OpText, h.OpCode)
		_, err = r.Seek(h.Length, 1)
		require.NoError(t, err)
	}
}

// What was written or dropped must not be kept alive by the queue.
func TestOutboxLetsGo(t *testing.T) {
	t.Parallel()
	for name, forget := range map[string]func(o *outbox){
		"written": func(o *outbox) { o.advance(o.bytes) },
		"dropped": func(o *outbox) { o.truncate() },
	} {
		var o outbox
		for range 10 {
			o.add(TextOf([]byte("x")))
		}
		all := o.frames
		forget(&o)
		require.True(t, o.empty(), name)
		require.Zero(t, o.bytes, name)
		for _, f := range all {
			require.Nil(t, f, name)
		}
	}
}
