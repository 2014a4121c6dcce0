package api_test

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/api"
	"parley/protocol"
)

func TestBodiesThatAreNoJSON(t *testing.T) {
	b := newBench(t)
	token, _ := b.user(t, "ada")
	for _, body := range []string{"", " \n", "{", "name=x", `{"name":"x"} {}`, `{"name":'x'}`, "\xff", `{"name":"x",}`} {
		p := requireProblem(t, b.do(t, "POST", "/api/rooms/", token, body), protocol.CodeInvalidJSON)
		require.Contains(t, p.Detail, "the body is", "%q", body)
		require.Empty(t, p.Errors)
	}
	require.Contains(t, b.do(t, "POST", "/api/rooms/", token, nil).raw, "the body is empty; a JSON object is expected")
}

func TestBodiesThatAreNoObject(t *testing.T) {
	b := newBench(t)
	token, _ := b.user(t, "ada")
	for _, body := range []string{"null", "1", `"x"`, "[]", "true", `[{"name":"x"}]`} {
		requireFields(t, b.do(t, "POST", "/api/rooms/", token, body), "body")
	}
}

func TestBodiesByAnyContentType(t *testing.T) {
	b := newBench(t)
	token, _ := b.user(t, "ada")
	for _, contentType := range []string{
		"", "application/json", "application/json; charset=utf-8", "application/x-www-form-urlencoded",
		"text/plain", "multipart/form-data", ";+", "application/cbor",
	} {
		h := http.Header{"Authorization": {"Token " + token}, "Accept": {"application/xml"}}
		if contentType != "" {
			h.Set("Content-Type", contentType)
		}
		a := b.send(t, "POST", "/api/rooms/", h, `{"name":"x"}`)
		require.Equal(t, http.StatusCreated, a.status, "%q: %s", contentType, a.raw)
	}
}

func TestBodySize(t *testing.T) {
	b := newBench(t)
	token, _ := b.user(t, "ada")
	body := func(bytes int) string {
		const frame = `{"name":"x","y":""}`
		return strings.Replace(frame, `"y":"`, `"y":"`+strings.Repeat("y", bytes-len(frame)), 1)
	}
	require.Equal(t, http.StatusCreated, b.do(t, "POST", "/api/rooms/", token, body(65536)).status)
	p := requireProblem(t, b.do(t, "POST", "/api/rooms/", token, body(65537)), protocol.CodePayloadTooLarge)
	require.Contains(t, p.Detail, "65536")

	unbounded := newBench(t, func(c *api.Config, _ *api.Services) { c.BodyBytes = 0 })
	token, _ = unbounded.user(t, "ada")
	require.Equal(t, http.StatusCreated, unbounded.do(t, "POST", "/api/rooms/", token, body(1<<21)).status)
}

// TestABodyThatEndsEarly: the client announces more than it sends.
func TestABodyThatEndsEarly(t *testing.T) {
	b := newBench(t)
	conn, err := net.Dial("tcp", strings.TrimPrefix(b.url, "http://"))
	require.NoError(t, err)
	defer conn.Close()
	_, err = fmt.Fprintf(conn, "POST /api/auth/login/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
	require.NoError(t, err)
	answer := make([]byte, 1024)
	n, err := conn.Read(answer)
	require.NoError(t, err)
	require.Contains(t, string(answer[:n]), "HTTP/1.1 400")
}
