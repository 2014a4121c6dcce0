package edge

import (
	"bufio"
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const soundHead = "GET /ws/room/7/?token=a%20b HTTP/1.1\r\nHost: edge.test\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n" +
	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nOrigin: https://app.test\r\n" +
	"Authorization: Token t\r\nCookie: a=b\r\nSec-WebSocket-Protocol: parley.v1, parley.token.x\r\n\r\n"

// FuzzHead sends arbitrary bytes as the first of a connection. However they are
// cut, the verdict is the same; and a handshake that a shard takes is one that
// net/http would have taken, with the same request.
func FuzzHead(f *testing.F) {
	for _, cuts := range []string{"", "\x00", "\x10\x20"} {
		f.Add(soundHead, cuts)
		f.Add(soundHead+"\x81\x85", cuts)
	}
	f.Add(strings.ReplaceAll(soundHead, "\r\n", "\n"), "")
	f.Add(strings.Replace(soundHead, "\r\n", "\r\nContent-Length: 3\r\n", 1), "")
	f.Add(strings.Replace(soundHead, "\r\n", "\r\nHost: other\r\n", 1), "")
	f.Add(strings.Replace(soundHead, "/ws/room", "/ws/../room", 1), "")
	f.Add("GET /ws/ HTTP/1.1\r\nHost: h\r\n\r\n", "\x01")
	f.Add("POST /api/ HTTP/1.1\r\n", "")
	u := newUpgrader()
	f.Fuzz(func(t *testing.T, data, cuts string) {
		size, v := judge([]byte(data), start)
		pieceSize, pieceVerdict := judgePieces([]byte(data), cuts)
		require.Equal(t, v, pieceVerdict, "cut in pieces")
		if v != whole {
			return
		}
		require.Equal(t, size, pieceSize, "cut in pieces")
		got, answer, err := u.read([]byte(data[:size]))
		if err != nil {
			return
		}
		r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(data)))
		require.NoError(t, err, "net/http refuses what a shard takes")
		want := requestOf(r)
		want.Scheme = ""
		require.Equal(t, want, got)
		same, err := new(upgrader).check(headOf(r))
		require.NoError(t, err)
		require.Equal(t, string(same), string(answer))
	})
}

// judgePieces is what a shard does with bytes that come one piece after the
// other: it looks again until it knows.
func judgePieces(data []byte, cuts string) (size int, v verdict) {
	for end := 0; ; {
		n := len(data) - end
		if len(cuts) > 0 {
			n, cuts = min(n, 1+int(cuts[0])), cuts[1:]
		}
		end += n
		if size, v = judge(bytes.Clone(data[:end]), start); v != incomplete || end == len(data) {
			return size, v
		}
	}
}
