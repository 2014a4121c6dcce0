package edge_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/edge"
)

const askLength = "POST /length HTTP/1.1\r\nHost: edge.test\r\nContent-Length: 5\r\n\r\nhello"

func (p *peer) length() string {
	p.t.Helper()
	res, err := http.ReadResponse(p.r, nil)
	require.NoError(p.t, err)
	defer func() { _ = res.Body.Close() }()
	require.Equal(p.t, http.StatusOK, res.StatusCode)
	b, err := io.ReadAll(res.Body)
	require.NoError(p.t, err)
	return string(b)
}

// paths are the two ways to tell shards what is theirs.
func paths() []string { return []string{"/", "/peer"} }

func TestOnePortForAll(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		for _, path := range paths() {
			s := serve(t, m, edge.Config{Path: path}, echo)
			p := s.connect()
			for range 2 {
				p.send([]byte(askLength + askLength)) // the next is there before the first is answered
				require.Equal(t, "5", p.length())
				require.Equal(t, "5", p.length())
			}
			// The same connection may become a WebSocket in the end.
			p.send([]byte(askLength+opening), text("early"))
			require.Equal(t, "5", p.length())
			require.Equal(t, http.StatusSwitchingProtocols, p.response().StatusCode)
			require.Equal(t, "early", p.text())
			p.send(text("late"))
			require.Equal(t, "late", p.text())
			s.meter.handshook(t, map[string]int{"ok": 1})
		}
	})
}

// A head may come in any pieces.
func TestHeadByteByByte(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		for _, path := range paths() {
			s := serve(t, m, edge.Config{Path: path}, echo)
			drip := func(p *peer, all string) {
				for _, b := range []byte(all) {
					p.send([]byte{b})
					s.turn()
				}
			}
			p := s.connect()
			drip(p, askLength)
			require.Equal(t, "5", p.length())
			p = s.connect()
			drip(p, opening+string(text("in pieces")))
			require.Equal(t, http.StatusSwitchingProtocols, p.response().StatusCode)
			require.Equal(t, "in pieces", p.text())
		}
	})
}

// What a shard leaves to net/http becomes a WebSocket all the same.
func TestHeadsThatNoShardReads(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{}, echo)
		for name, head := range map[string]string{
			"long":       strings.Replace(opening, "\r\n\r\n", "\r\nCookie: "+strings.Repeat("c", 20<<10)+"\r\n\r\n", 1),
			"bare LF":    strings.ReplaceAll(opening, "\r\n", "\n"),
			"escaped":    strings.Replace(opening, "/peer", "/p%65er", 1),
			"strange":    strings.Replace(opening, "\r\n\r\n", "\r\nX_Y: z\r\n\r\n", 1),
			"with body":  strings.Replace(opening, "\r\n\r\n", "\r\nContent-Length: 0\r\n\r\n", 1),
			"two lines":  strings.Replace(opening, "\r\n\r\n", "\r\nOrigin: a\r\nOrigin: b\r\n\r\n", 1),
			"two lists":  strings.Replace(opening, "Connection: ", "Connection: keep-alive\r\nConnection: ", 1),
			"proxy form": strings.Replace(opening, "/peer", "http://edge.test/peer", 1),
		} {
			t.Run(name, func(t *testing.T) {
				p, res := s.request(head + string(text("early")))
				require.Equal(t, http.StatusSwitchingProtocols, res.StatusCode)
				require.Equal(t, "early", p.text())
			})
		}
		p, res := s.request(strings.Replace(opening, "\r\n\r\n", "\r\nCookie: "+strings.Repeat("c", 2<<20)+"\r\n\r\n", 1))
		require.Equal(t, http.StatusRequestHeaderFieldsTooLarge, res.StatusCode)
		_ = p.Close()
	})
}

// Frames that fill more than net/http's buffer follow the head at once.
func TestManyFramesRightBehindTheHandshake(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serve(t, m, edge.Config{}, echo)
		var early []byte
		for i := range 2000 {
			early = append(early, text(fmt.Sprint(i))...)
		}
		for _, head := range []string{opening, strings.ReplaceAll(opening, "\r\n", "\n")} {
			p, _ := s.request(head + string(early))
			for i := range 2000 {
				require.Equal(t, fmt.Sprint(i), p.text())
			}
		}
	})
}

// A credential is not spent on a handshake that cannot succeed.
func TestGateIsNotAskedInVain(t *testing.T) {
	onEach(t, func(t *testing.T, m medium) {
		s := serveGate(t, m, edge.Config{}, func(*server, context.Context, *edge.Request) edge.Admission {
			require.Fail(t, "the gate was asked")
			return edge.Admission{}
		})
		for _, line := range []string{"Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"} {
			_, res := s.request(strings.Replace(opening, line+"\r\n", "", 1))
			require.GreaterOrEqual(t, res.StatusCode, 400)
		}
	})
}
