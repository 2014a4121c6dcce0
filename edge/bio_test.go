//go:build linux && !noepoll

package edge

import (
	"bytes"
	"crypto/tls"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/stretchr/testify/require"
)

// FuzzRecordReader reads records in pieces of any size; no piece may reach
// beyond its record, and each record is found.
func FuzzRecordReader(f *testing.F) {
	f.Add([]byte{3, 0, 200}, []byte{1, 2, 255})
	f.Add([]byte{0, 0, 0}, []byte{0})
	f.Add([]byte{255}, []byte{})
	f.Fuzz(func(t *testing.T, sizes, pieces []byte) {
		var stream []byte
		ends := map[int]bool{0: true}
		for _, n := range sizes {
			size := int(n) * int(n) // up to 65025
			stream = append(stream, 23, 3, 3, byte(size>>8), byte(size))
			stream = append(stream, make([]byte, size)...)
			ends[len(stream)] = true
		}
		var r recordReader
		at := 0
		for i := 0; at < len(stream); i++ {
			rest := r.rest()
			require.Positive(t, rest)
			if r.head == recordHeader {
				require.True(t, ends[at+rest], "%d bytes from %d on is not the end of a record", rest, at)
			}
			take := min(rest, len(stream)-at)
			if len(pieces) > 0 {
				take = min(take, int(pieces[i%len(pieces)])+1)
			}
			r.took(stream[at : at+take])
			at += take
		}
		require.Equal(t, recordReader{}, r, "between records")
	})
}

// crypto/tls offers all the room that it has, and is given one record's part.
func TestReadStaysInItsRecord(t *testing.T) {
	stream := append([]byte{23, 3, 3, 0, 4, 'o', 'n', 'e', '.', 23, 3, 3, 1, 0}, make([]byte, 256)...)
	b := &bio{bufs: &tlsBuffers{unread: stream}}
	room := make([]byte, 1<<10)
	for _, want := range []int{5, 4, 5, 256} {
		n, err := b.Read(room)
		require.NoError(t, err)
		require.Equal(t, stream[:want], room[:n])
		stream = stream[want:]
	}
	_, err := b.Read(room)
	var wait interface {
		error
		Temporary() bool
	}
	require.ErrorAs(t, err, &wait)
	require.True(t, wait.Temporary(), "crypto/tls goes on after such an error only")
}

// tlsPair is a TLS socket on a shard that has no goroutine, and its client.
func tlsPair(t *testing.T) (*Conn, *tls.Conn) {
	t.Helper()
	cert := httptest.NewUnstartedServer(nil)
	cert.StartTLS()
	defer cert.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	nc, err := net.Dial("tcp", l.Addr().String())
	require.NoError(t, err)
	client := tls.Client(nc, &tls.Config{InsecureSkipVerify: true})
	accepted, err := l.Accept()
	require.NoError(t, err)
	require.NoError(t, l.Close())
	server := serverTLS(accepted, cert.TLS)
	done := make(chan error, 1)
	go func() { done <- server.Handshake() }()
	require.NoError(t, client.Handshake())
	require.NoError(t, <-done)

	c, _ := newTestConn(Config{})
	c.shard.poll, err = newPoller(c.shard)
	require.NoError(t, err)
	c.sock, err = newTransport(c, server)
	require.NoError(t, err)
	require.IsType(t, &tlsSocket{}, c.sock)
	t.Cleanup(func() {
		c.destroy()
		c.shard.poll.close()
		_ = client.Close()
	})
	c.shard.runPosted()
	return c, client
}

// Reading is another matter: crypto/tls makes a small reader for each record.
// If this fails on another version of Go, crypto/tls keeps its buffers again:
// see where it has them now.
func TestFieldsOfTLSAreKnown(t *testing.T) {
	f := findTLSFields()
	require.True(t, f.known)
	conn := tls.Server(nil, nil)
	raw := f.buffer(conn, f.rawInput)
	*raw = *bytes.NewBuffer(append(make([]byte, 0, 4096), "half a record"...))
	f.buffer(conn, f.hand).Grow(4096)

	room := make([]byte, 0, 1<<10)
	f.lend(conn, room)
	require.Equal(t, "half a record", raw.String())
	require.Equal(t, "half a record", string(room[:len("half a record")]))
	f.takeBack(conn)
	clear(room[:cap(room)])
	require.Equal(t, "half a record", raw.String(), "no longer in the room")
	require.Less(t, raw.Cap(), 64)
	require.Zero(t, f.buffer(conn, f.hand).Cap())
}

func TestIdleTLSKeepsNoBuffer(t *testing.T) {
	c, client := tlsPair(t)
	heard := &listener{keep: true}
	c.handler = heard
	want := strings.Repeat("x", 30<<10)
	frame := ws.MustCompileFrame(ws.MaskFrameWith(ws.NewTextFrame([]byte(want)), [4]byte{1, 2, 3, 4}))
	_, err := client.Write(frame)
	require.NoError(t, err)
	for len(heard.messages) == 0 {
		c.shard.turn()
		require.NoError(t, c.shard.poll.wait(time.Now().Add(10*time.Second)))
	}
	require.Equal(t, []string{want}, heard.messages)
	sock := c.sock.(*tlsSocket)
	f := sock.ep().tls.fields
	require.Zero(t, f.buffer(sock.tls, f.rawInput).Cap())
	require.Zero(t, f.buffer(sock.tls, f.hand).Cap())
	require.Nil(t, c.in)
}

func TestSendingOverTLSDoesNotAllocate(t *testing.T) {
	c, client := tlsPair(t)
	shared := TextOf([]byte(`{"type":"chat_message","data":{"content":"hello"}}`))
	sink := make([]byte, 8<<10)
	turn := func() {
		for range 32 {
			c.Send(shared)
		}
		c.shard.settle()
		if _, err := client.NetConn().Read(sink); err != nil {
			t.Error(err)
		}
	}
	turn() // warm
	// None for a frame. A turn may have a few: under the race detector
	// crypto/tls' pool forgets its buffers at random.
	require.Less(t, testing.AllocsPerRun(1000, turn), 8.0)
	require.Nil(t, c.sock.(*tlsSocket).pending, "an idle socket keeps no records")
}
