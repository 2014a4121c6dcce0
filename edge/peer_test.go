package edge_test

import (
	"bufio"
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/stretchr/testify/require"
)

// peer is a client that writes whatever bytes the test gives it.
type peer struct {
	net.Conn
	t *testing.T
	r *bufio.Reader
}

const opening = "GET /peer?x=1 HTTP/1.1\r\nHost: edge.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"

// accepted is the answer to it.
const accepted = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
	"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"

// peer connects, and sends early right behind the opening handshake.
func (s *server) peer(early ...byte) *peer {
	s.t.Helper()
	p, res := s.request(opening + string(early))
	require.Equal(s.t, http.StatusSwitchingProtocols, res.StatusCode)
	require.Equal(s.t, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", res.Header.Get("Sec-WebSocket-Accept"))
	return p
}

// request sends a request as it is and reads the answer's head.
func (s *server) request(head string) (*peer, *http.Response) {
	s.t.Helper()
	p := s.connect()
	p.send([]byte(head))
	return p, p.response()
}

// connect opens a connection on which nothing is sent yet.
func (s *server) connect() *peer {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	c, err := s.net(ctx)
	require.NoError(s.t, err)
	s.t.Cleanup(func() { _ = c.Close() })
	require.NoError(s.t, c.SetDeadline(time.Now().Add(patience)))
	return &peer{Conn: c, t: s.t, r: bufio.NewReader(c)}
}

// response reads an answer; of one that is not 101 the body too.
func (p *peer) response() *http.Response {
	p.t.Helper()
	res, err := http.ReadResponse(p.r, nil)
	require.NoError(p.t, err)
	if res.StatusCode != http.StatusSwitchingProtocols {
		_, err = io.Copy(io.Discard, res.Body)
		require.NoError(p.t, err)
		_ = res.Body.Close()
	}
	return res
}

func (p *peer) send(frames ...[]byte) {
	p.t.Helper()
	var all []byte
	for _, f := range frames {
		all = append(all, f...)
	}
	_, err := p.Write(all)
	require.NoError(p.t, err)
}

// frame reads one frame; a server's are whole and not masked.
func (p *peer) frame() (op ws.OpCode, payload []byte) {
	p.t.Helper()
	h, err := ws.ReadHeader(p.r)
	require.NoError(p.t, err, "reading a frame")
	require.NoError(p.t, ws.CheckHeader(h, ws.StateClientSide))
	require.True(p.t, h.Fin, "the server fragments nothing")
	payload = make([]byte, h.Length)
	_, err = io.ReadFull(p.r, payload)
	require.NoError(p.t, err)
	return h.OpCode, payload
}

func (p *peer) text() string {
	p.t.Helper()
	op, payload := p.frame()
	require.Equal(p.t, ws.OpText, op, "payload %q", payload)
	return string(payload)
}

// close reads on to the server's close frame.
func (p *peer) closeFrame() (code uint16, reason string) {
	p.t.Helper()
	for {
		op, payload := p.frame()
		if op != ws.OpClose {
			continue
		}
		if len(payload) == 0 {
			return 1005, ""
		}
		require.GreaterOrEqual(p.t, len(payload), 2)
		return binary.BigEndian.Uint16(payload), string(payload[2:])
	}
}

// eof requires that the server ends the stream and sends nothing more.
func (p *peer) eof() {
	p.t.Helper()
	rest, err := io.ReadAll(p.r)
	require.NoError(p.t, err, "the stream should end cleanly")
	require.Empty(p.t, rest, "the server sent more")
}

// vanish resets the connection: no close frame, no end of stream.
func (p *peer) vanish() {
	p.t.Helper()
	c := p.Conn
	if over, ok := c.(interface{ NetConn() net.Conn }); ok {
		c = over.NetConn()
	}
	require.NoError(p.t, c.(*net.TCPConn).SetLinger(0))
	require.NoError(p.t, c.Close())
}

// frame builds a client's frame.
func frame(op ws.OpCode, fin bool, payload string) []byte {
	f := ws.NewFrame(op, fin, []byte(payload))
	return ws.MustCompileFrame(ws.MaskFrameWith(f, [4]byte{0x37, 0xfa, 0x21, 0x3d}))
}

func text(payload string) []byte { return frame(ws.OpText, true, payload) }

func closeFrame(code uint16, reason string) []byte {
	return frame(ws.OpClose, true, string(binary.BigEndian.AppendUint16(nil, code))+reason)
}
