package swarm

import (
	"bufio"
	"bytes"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRequest(t *testing.T) {
	for _, deflate := range []bool{false, true} {
		b := request(Dial{Path: "/ws/room/7/", Token: "t", Deflate: deflate}, "127.0.0.1:1")
		r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(b)))
		require.NoError(t, err)
		require.Equal(t, "/ws/room/7/", r.URL.Path)
		require.Equal(t, "127.0.0.1:1", r.Host)
		require.Equal(t, "Token t", r.Header.Get("Authorization"))
		require.Equal(t, deflate, r.Header.Get("Sec-Websocket-Extensions") != "")
	}
}

func TestCutHandshake(t *testing.T) {
	const answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"
	rest, deflate, ok, err := cutHandshake([]byte(answer + "\x81\x00"))
	require.NoError(t, err)
	require.True(t, ok)
	require.False(t, deflate)
	require.Equal(t, []byte("\x81\x00"), rest)

	for cut := range answer {
		_, _, ok, err := cutHandshake([]byte(answer[:cut]))
		require.NoError(t, err)
		require.False(t, ok, "%q", answer[:cut])
	}
	_, _, ok, err = cutHandshake([]byte("HTTP/1.1 403 Forbidden\r\n\r\nno"))
	require.False(t, ok)
	require.ErrorContains(t, err, "403 Forbidden")

	_, deflate, ok, err = cutHandshake([]byte(
		"HTTP/1.1 101 x\r\nsec-websocket-extensions: permessage-deflate; server_no_context_takeover\r\n\r\n"))
	require.NoError(t, err)
	require.True(t, ok)
	require.True(t, deflate)
}
