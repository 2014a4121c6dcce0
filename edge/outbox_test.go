package edge

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"github.com/gobwas/ws"
	"github.com/stretchr/testify/require"
)

// Whatever the kernel takes at a time, whole frames come out, each kind in
// order, what is not bulk as early as can be, and all but what was dropped.
func TestOutboxAgainstBytes(t *testing.T) {
	t.Parallel()
	c, _ := newTestConn(Config{})
	rng := rand.New(rand.NewPCG(3, 4))
	var o outbox
	var got []byte
	want := map[byte][]uint32{} // by kind, the numbers of the frames that were not dropped
	waiting := 0
	for step := range 50000 {
		switch k := rng.IntN(10); {
		case k < 5:
			kind := byte(rng.IntN(2))
			f := TextOf(numbered(kind, uint32(step), rng.IntN(300)))
			if f.bulk = kind == 1; f.bulk {
				want[1] = append(want[1], uint32(step))
			} else {
				want[0] = append(want[0], uint32(step))
			}
			o.add(f)
			waiting += f.Len()
		case k < 9:
			iov := o.vectors(make([][]byte, 0, 1+rng.IntN(8)))
			all := bytes.Join(iov, nil)
			if len(all) > 0 {
				n := rng.IntN(len(all) + 1)
				got = append(got, all[:n]...)
				waiting -= n
				o.advance(n, c)
			}
		default:
			waiting -= dropAll(t, &o, want, c.shard)
		}
		require.Equal(t, waiting, o.bytes, "step %d", step)
		require.Equal(t, waiting == 0, o.empty())
	}
	got = append(got, bytes.Join(o.vectors(make([][]byte, 0, o.count())), nil)...)
	require.Equal(t, want, numbersOf(t, got))
}

// dropAll truncates the outbox and takes what was dropped off want.
func dropAll(t *testing.T, o *outbox, want map[byte][]uint32, s *Shard) (bytes int) {
	t.Helper()
	before, frames, bulk := o.bytes, len(o.frames), len(o.bulk)
	partly := o.sent > 0
	dropped := o.truncate(s)
	require.Equal(t, frames+bulk-dropped, o.count())
	require.LessOrEqual(t, o.count(), 1)
	kept := 0
	if partly {
		kept = 1
		require.Equal(t, 1, o.count(), "what is partly out must be finished")
		if kind := o.frames[0].Payload()[0]; kind == 1 { // a bulk frame that had begun
			bulk, frames = bulk+1, frames-1
			want[1] = want[1][:len(want[1])-bulk+1]
			want[0] = want[0][:len(want[0])-frames]
			return before - o.bytes
		}
	}
	want[0] = want[0][:len(want[0])-frames+kept]
	want[1] = want[1][:len(want[1])-bulk]
	return before - o.bytes
}

func numbered(kind byte, n uint32, size int) []byte {
	return append(binary.BigEndian.AppendUint32([]byte{kind}, n), make([]byte, size)...)
}

func numbersOf(t *testing.T, stream []byte) map[byte][]uint32 {
	t.Helper()
	found := map[byte][]uint32{}
	for r := bytes.NewReader(stream); r.Len() > 0; {
		h, err := ws.ReadHeader(r)
		require.NoError(t, err)
		require.Equal(t, ws.OpText, h.OpCode)
		payload := make([]byte, h.Length)
		_, err = r.Read(payload)
		require.NoError(t, err)
		found[payload[0]] = append(found[payload[0]], binary.BigEndian.Uint32(payload[1:]))
	}
	return found
}

func TestBulkIsOvertakenButNotTorn(t *testing.T) {
	t.Parallel()
	c, _ := newTestConn(Config{})
	var o outbox
	texts := func() (texts []string) {
		for _, b := range o.vectors(make([][]byte, 0, 8)) {
			texts = append(texts, string(b[len(b)-1:]))
		}
		return texts
	}
	for _, name := range []string{"1", "2"} {
		o.add(TextOf([]byte(name)).Bulk())
	}
	o.add(TextOf([]byte("a")))
	require.Equal(t, []string{"a", "1", "2"}, texts())
	o.advance(4, c) // all of a, and one byte of 1
	o.add(TextOf([]byte("b")))
	require.Equal(t, []string{"1", "b", "2"}, texts())
	o.addLast(TextOf([]byte("z")))
	require.Equal(t, []string{"1", "b", "2", "z"}, texts(), "nothing overtakes the last")
}

// What was written or dropped must not be kept alive by the queue.
func TestOutboxLetsGo(t *testing.T) {
	t.Parallel()
	c, _ := newTestConn(Config{})
	for name, forget := range map[string]func(o *outbox){
		"written": func(o *outbox) { o.advance(o.bytes, c) },
		"dropped": func(o *outbox) { o.truncate(c.shard) },
	} {
		var o outbox
		for i := range 10 {
			f := TextOf([]byte("x"))
			f.bulk = i%2 == 0
			o.add(f)
		}
		all := append(o.frames[:len(o.frames):len(o.frames)], o.bulk...)
		frames, bulk := o.frames, o.bulk
		require.Len(t, all, 10)
		forget(&o)
		require.True(t, o.empty(), name)
		require.Zero(t, o.bytes, name)
		for i := range 5 {
			require.Nil(t, frames[i], name)
			require.Nil(t, bulk[i], name)
		}
	}
}
