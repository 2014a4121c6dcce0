package edge_test

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsflate"
	"github.com/stretchr/testify/require"

	"parley/edge"
)

// serveCompressed is serve for sockets that may negotiate compression.
func serveCompressed(t *testing.T, m medium, cfg edge.Config, behave func(*socket)) *server {
	t.Helper()
	return serveGate(t, m, cfg, func(s *server, _ context.Context, _ *edge.Request) edge.Admission {
		a := s.admit(behave)
		a.Deflate = true
		return a
	})
}

const offering = "GET / HTTP/1.1\r\nHost: edge.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" +
	"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n"

// compressing connects a peer that negotiates compression.
func (s *server) compressing() *peer {
	s.t.Helper()
	p, res := s.request(offering)
	require.Equal(s.t, "permessage-deflate;server_no_context_takeover;client_no_context_takeover",
		res.Header.Get("Sec-WebSocket-Extensions"))
	return p
}

// deflate is a message as a client compresses it.
func deflate(t *testing.T, text string) string {
	t.Helper()
	b, err := wsflate.DefaultHelper.Compress([]byte(text))
	require.NoError(t, err)
	return string(b)
}

// compressed sets the bit that says so on a frame.
func compressed(f []byte) []byte { return first(f, 0x40) }

// message reads a frame, which may be compressed, as it is on the wire, and its
// text.
func (p *peer) message() (wire []byte, text string) {
	p.t.Helper()
	var raw bytes.Buffer
	h, err := ws.ReadHeader(io.TeeReader(p.r, &raw))
	require.NoError(p.t, err)
	require.Equal(p.t, ws.OpText, h.OpCode)
	require.True(p.t, h.Fin)
	payload := make([]byte, h.Length)
	_, err = io.ReadFull(p.r, payload)
	require.NoError(p.t, err)
	wire = append(raw.Bytes(), payload...)
	if h.Rsv1() {
		payload, err = wsflate.DefaultHelper.Decompress(payload)
		require.NoError(p.t, err)
	}
	return wire, string(payload)
}

func TestCompressedEcho(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serveCompressed(t, m, edge.Config{}, echo)
		noise := rand.New(rand.NewPCG(1, 2))
		for _, mode := range []websocket.CompressionMode{
			websocket.CompressionNoContextTakeover, websocket.CompressionContextTakeover, websocket.CompressionDisabled,
		} {
			c, res, err := s.dial(&websocket.DialOptions{CompressionMode: mode, CompressionThreshold: 1})
			require.NoError(t, err)
			require.Equal(t, mode != websocket.CompressionDisabled, res.Header.Get("Sec-WebSocket-Extensions") != "")
			c.SetReadLimit(-1)
			for _, n := range []int{0, 1, 20, 125, 126, 255, 256, 257, 1000, 32 << 10, 65535, 65536} {
				easy := strings.Repeat("compress me ☃ ", n)[:n]
				easy = strings.ToValidUTF8(easy, "")
				hard := make([]byte, n) // printable, and still all bits of a byte but two
				for i := range hard {
					hard[i] = byte('0' + noise.IntN(64))
				}
				for _, want := range []string{easy, string(hard)} {
					write(t, c, want)
					require.Equal(t, want, read(t, c), "a message of %d bytes", n)
				}
			}
			require.NoError(t, c.Close(websocket.StatusNormalClosure, ""))
		}
		s.empty()
	})
}

// Sockets with and without compression get the same broadcast, each in its form;
// those that compress get the same bytes.
func TestBroadcastToBothKinds(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serveCompressed(t, m, edge.Config{Shards: 2}, nil)
		peers := []*peer{s.compressing(), s.peer(), s.compressing(), s.peer(), s.compressing()}
		sockets := make([]*socket, len(peers))
		for i := range sockets {
			sockets[i] = s.next()
		}
		long, short := strings.Repeat("all of you ", 100), "short"
		shared := edge.TextOf([]byte(long))
		run(t, s.Shards()[0], func() {
			for _, k := range sockets {
				k.conn.Send(shared)
				k.conn.Send(edge.TextOf([]byte(short)))
			}
		})
		var forms [2][]byte
		for i, p := range peers {
			wire, text := p.message()
			require.Equal(t, long, text)
			plain := i % 2
			require.Equal(t, plain == 1, wire[0] == 0x81)
			require.Equal(t, plain == 0, wire[0] == 0xc1)
			if forms[plain] != nil {
				require.Equal(t, forms[plain], wire)
			}
			forms[plain] = wire
			require.Equal(t, short, p.text(), "below the threshold nothing is compressed")
		}
		require.Less(t, 4*len(forms[0]), len(forms[1]))
	})
}

func TestCompressedFragments(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		p := serveCompressed(t, m, edge.Config{}, echo).compressing()
		long := strings.Repeat("in many pieces, ", 50)
		whole := deflate(t, long)
		frames := [][]byte{compressed(frame(ws.OpText, false, whole[:1]))}
		for i := 1; i < len(whole); i++ {
			frames = append(frames, frame(ws.OpContinuation, false, whole[i:i+1]))
			if i == len(whole)/2 {
				frames = append(frames, frame(ws.OpPing, true, "between"))
			}
		}
		p.send(append(frames, frame(ws.OpContinuation, true, ""), text("plain"), compressed(text(deflate(t, "last"))))...)
		op, payload := p.frame()
		require.Equal(t, ws.OpPong, op)
		require.Equal(t, "between", string(payload))
		_, got := p.message()
		require.Equal(t, long, got)
		require.Equal(t, "plain", p.text())
		require.Equal(t, "last", p.text())
	})
}

// A client may compress what is random, and then sends more than the text has.
func TestCompressionThatMakesItLonger(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		p := serveCompressed(t, m, edge.Config{}, echo).compressing()
		const piece = "\x00\x00\x01\xff\xfe" // a stored block of 256 bytes
		most := strings.Repeat("r", 1<<16)
		var stored strings.Builder
		for i := 0; i < len(most); i += 256 {
			stored.WriteString(piece + most[i:i+256])
		}
		p.send(compressed(text(stored.String() + "\x00")))
		_, got := p.message()
		require.Equal(t, most, got)
	})
}

func TestCompressionViolations(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serveCompressed(t, m, edge.Config{}, nil)
		hello := deflate(t, "hello")
		bomb := deflate(t, strings.Repeat("b", 1<<20))
		for _, v := range []violation{
			{"bit on a ping", compressed(frame(ws.OpPing, true, "")), 1002},
			{"bit on a pong", compressed(frame(ws.OpPong, true, "")), 1002},
			{"bit on a close frame", compressed(closeFrame(1000, "")), 1002},
			{"bit on a continuation", append(compressed(frame(ws.OpText, false, hello[:3])), compressed(frame(ws.OpContinuation, true, hello[3:]))...), 1002},
			{"bit on a continuation only", append(frame(ws.OpText, false, "a"), compressed(frame(ws.OpContinuation, true, hello))...), 1002},
			{"bit 2 too", first(compressed(text(hello)), 0x20), 1002},
			{"bit 3", first(text("hi"), 0x10), 1002},
			{"bit on a reserved opcode", compressed(frame(3, true, hello)), 1002},
			{"compressed binary", compressed(frame(ws.OpBinary, true, hello)), 1003},
			{"not compressed at all", compressed(text("not compressed")), 1007},
			{"compressed nothing", compressed(text("")), 1007},
			{"cut short", compressed(text(deflate(t, strings.Repeat("long", 9))[:4])), 1007},
			{"not UTF-8", compressed(text(deflate(t, "caf\xe9"))), 1007},
			{"not UTF-8 in fragments", append(compressed(frame(ws.OpText, false, deflate(t, "\xff")[:1])), frame(ws.OpContinuation, true, deflate(t, "\xff")[1:])...), 1007},
			{"bomb", compressed(text(bomb)), 1009},
			{"bomb in fragments", append(compressed(frame(ws.OpText, false, bomb[:99])), frame(ws.OpContinuation, true, bomb[99:])...), 1009},
			{"too big before it is inflated", declared(0xc1, 80000), 1009},
			{"plain and too big", declared(0x81, 65537), 1009},
		} {
			t.Run(v.name, func(t *testing.T) {
				p, k := s.compressing(), s.next()
				p.t = t
				p.send(v.bytes)
				code, reason := p.closeFrame()
				require.Equal(t, v.code, code, "reason %q", reason)
				require.NotEmpty(t, reason)
				require.Equal(t, edge.Closure{Code: v.code, Reason: reason}, k.end(t))
				require.Empty(t, k.received)
				_ = p.Close()
			})
		}
		s.empty()
	})
}

// A gate that does not allow compression gets none, whatever is offered.
func TestCompressionIsTheGatesChoice(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{}, nil)
		p, res := s.request(offering)
		require.Equal(t, http.StatusSwitchingProtocols, res.StatusCode)
		require.Empty(t, res.Header.Get("Sec-WebSocket-Extensions"))
		s.next().do(t, func(c *edge.Conn) { c.Send(edge.TextOf([]byte(strings.Repeat("plain ", 1000)))) })
		require.Equal(t, strings.Repeat("plain ", 1000), p.text())
		p.send(compressed(text(deflate(t, "hello"))))
		code, _ := p.closeFrame()
		require.Equal(t, uint16(1002), code)
	})
}

// A malformed offer costs the compression, not the socket.
func TestBadOfferIsDeclined(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serveCompressed(t, m, edge.Config{}, echo)
		p, res := s.request(strings.Replace(offering, "client_max_window_bits", "client_max_window_bits=99", 1))
		require.Equal(t, http.StatusSwitchingProtocols, res.StatusCode)
		require.Empty(t, res.Header.Get("Sec-WebSocket-Extensions"))
		p.send(text("plain"))
		require.Equal(t, "plain", p.text())
	})
}
