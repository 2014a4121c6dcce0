package floor

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/gobwas/ws/wsutil"
	"github.com/stretchr/testify/require"
)

// serve runs a floor until the test ends.
func serve(t *testing.T, mode Mode) *Floor {
	t.Helper()
	f, err := Listen(mode)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- f.Serve(ctx) }()
	t.Cleanup(func() {
		cancel()
		require.NoError(t, <-ended)
	})
	return f
}

// socket is a client's end.
type socket struct {
	net.Conn
	in *bufio.Reader
}

// open opens a socket in a room and takes its welcome.
func open(t *testing.T, f *Floor, room string) *socket {
	t.Helper()
	conn, err := net.Dial("tcp", f.Addr().String())
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(30*time.Second)))
	_, err = fmt.Fprintf(conn, "GET /ws/room/%s/ HTTP/1.1\r\nHost: x\r\n\r\n", room)
	require.NoError(t, err)
	k := &socket{conn, bufio.NewReader(conn)}
	res, err := http.ReadResponse(k.in, nil)
	require.NoError(t, err)
	require.Equal(t, http.StatusSwitchingProtocols, res.StatusCode)
	require.JSONEq(t, `{"type":"welcome"}`, k.read(t))
	return k
}

// readWriter reads what is buffered first.
type readWriter struct {
	io.Reader
	io.Writer
}

func (k *socket) read(t *testing.T) string {
	t.Helper()
	b, _, err := wsutil.ReadServerData(readWriter{k.in, k.Conn})
	require.NoError(t, err)
	return string(b)
}

func (k *socket) write(t *testing.T, payload []byte) {
	t.Helper()
	_, err := k.Write(client(payload))
	require.NoError(t, err)
}

func TestFramesReachTheOthersOfTheRoom(t *testing.T) {
	for _, mode := range []Mode{Coalesced, Each} {
		t.Run(string(mode), func(t *testing.T) {
			f := serve(t, mode)
			a, b, c := open(t, f, "1"), open(t, f, "1"), open(t, f, "1")
			stranger := open(t, f, "2")
			for i := range 100 {
				a.write(t, fmt.Append(nil, "hello ", i))
			}
			for i := range 100 {
				require.Equal(t, fmt.Sprint("hello ", i), b.read(t))
				require.Equal(t, fmt.Sprint("hello ", i), c.read(t))
			}
			require.NoError(t, c.Close())
			b.write(t, []byte("after"))
			require.Equal(t, "after", a.read(t), "its own frames do not come back to it")
			open(t, f, "2").write(t, []byte("there"))
			require.Equal(t, "there", stranger.read(t), "other rooms' frames do not come to it")
		})
	}
}

// What the kernel does not take at once comes later, and all of it.
func TestASlowReaderLosesNothing(t *testing.T) {
	for _, mode := range []Mode{Coalesced, Each} {
		t.Run(string(mode), func(t *testing.T) {
			f := serve(t, mode)
			a, b := open(t, f, "1"), open(t, f, "1")
			const frames, size = 400, 60_000
			for i := range frames {
				a.write(t, bytes.Repeat([]byte{'a' + byte(i%26)}, size))
			}
			for i := range frames {
				got := b.read(t)
				require.Len(t, got, size)
				require.Equal(t, 'a'+byte(i%26), got[0])
			}
		})
	}
}

// An end in the middle of what is to be written to it harms nobody else.
func TestASocketThatEndsWithFramesUnsent(t *testing.T) {
	f := serve(t, Coalesced)
	a, b, c := open(t, f, "1"), open(t, f, "1"), open(t, f, "1")
	for range 100 {
		a.write(t, bytes.Repeat([]byte{'x'}, 60_000))
	}
	require.NoError(t, c.Close())
	for range 100 {
		require.Len(t, b.read(t), 60_000)
	}
	a.write(t, []byte("after"))
	require.Equal(t, "after", b.read(t))
}

func TestUnknownModeIsRefused(t *testing.T) {
	_, err := Listen("fast")
	require.ErrorContains(t, err, "fast")
}
