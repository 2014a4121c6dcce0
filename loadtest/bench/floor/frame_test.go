package floor

import (
	"bytes"
	"testing"

	"github.com/gobwas/ws"
	"github.com/stretchr/testify/require"
)

func client(payload []byte) []byte {
	return ws.MustCompileFrame(ws.MaskFrameWith(ws.NewTextFrame(payload), [4]byte{1, 0xc3, 0x17, 0x88}))
}

func TestAFrameIsRelayedAsTheServersOwn(t *testing.T) {
	for _, n := range []int{0, 1, 3, 4, 7, 8, 9, 125, 126, 127, 2500, 65535} {
		payload := bytes.Repeat([]byte("abcdefg"), n/7+1)[:n]
		wire := append(client(payload), "next"...)
		for cut := range min(len(wire)-4, 20) {
			short := bytes.Clone(wire[:cut])
			_, rest, v := relayed(short)
			require.Equal(t, partial, v, "%d of %d bytes", cut, n)
			require.Equal(t, wire[:cut], rest, "it is left as it was")
		}
		frame, rest, v := relayed(wire)
		require.Equal(t, whole, v)
		require.Equal(t, ws.MustCompileFrame(ws.NewTextFrame(payload)), frame, "%d bytes", n)
		require.Equal(t, "next", string(rest))
	}
}

func TestWhatIsNoMaskedTextEndsTheSocket(t *testing.T) {
	for name, wire := range map[string][]byte{
		"close":    ws.MustCompileFrame(ws.MaskFrame(ws.NewCloseFrame(nil))),
		"unmasked": ws.MustCompileFrame(ws.NewTextFrame([]byte("a"))),
		"huge":     client(make([]byte, 65536)),
	} {
		_, _, v := relayed(wire)
		require.Equal(t, over, v, name)
	}
}

func TestCutRequest(t *testing.T) {
	const request = "GET /ws/room/7/ HTTP/1.1\r\nHost: x\r\n\r\n"
	path, rest, ok := cutRequest([]byte(request + "more"))
	require.True(t, ok)
	require.Equal(t, "/ws/room/7/", string(path))
	require.Equal(t, "more", string(rest))
	for cut := range request {
		_, rest, ok := cutRequest([]byte(request[:cut]))
		require.False(t, ok)
		require.Len(t, rest, cut)
	}
	path, _, ok = cutRequest([]byte("\r\n\r\n"))
	require.True(t, ok)
	require.Empty(t, path)
}

// normal writes a length as shortly as it can be, which a client need not do.
func normal(frame []byte) []byte {
	from := bytes.NewReader(frame)
	if _, err := ws.ReadHeader(from); err != nil {
		return nil
	}
	return ws.MustCompileFrame(ws.NewTextFrame(frame[len(frame)-from.Len():]))
}

func FuzzRelayed(f *testing.F) {
	f.Add(client([]byte("hello")))
	f.Add([]byte{0x81, 0xfe, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		before := bytes.Clone(b)
		frame, rest, v := relayed(b)
		if v != whole {
			require.Equal(t, before, b, "nothing is changed")
			require.Len(t, rest, len(b))
			return
		}
		from := bytes.NewReader(before)
		want, err := ws.ReadHeader(from)
		require.NoError(t, err)
		payload := before[len(before)-from.Len():][:want.Length]
		ws.Cipher(payload, want.Mask, 0)
		require.Equal(t, ws.MustCompileFrame(ws.NewTextFrame(payload)), normal(frame))
	})
}
