package edge

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const start = "GET /ws/"

func TestJudge(t *testing.T) {
	whole17 := "GET /ws/ HTTP/1.1\r\n\r\n"
	for _, c := range []struct {
		data string
		size int
		want verdict
	}{
		{"", 0, incomplete},
		{"G", 0, incomplete},
		{"GET /ws/", 0, incomplete},
		{"GET /ws/room/1/ HTTP/1.1\r\nHost: h\r\n", 0, incomplete},
		{"P", 0, foreign},
		{"GET /ws HTTP/1.1\r\n\r\n", 0, foreign},
		{"GET /api/", 0, foreign},
		{"get /ws/", 0, foreign},
		{"\x16\x03\x01", 0, foreign},
		{whole17, len(whole17), whole},
		{whole17 + "\x81\x80", len(whole17), whole},
		{whole17 + whole17, len(whole17), whole},
		{"GET /ws/ HTTP/1.1\n\nx", 19, whole},
		{"GET /ws/ HTTP/1.1\n\r\nx", 20, whole},
		{start + strings.Repeat("x", maxHead-len(start)), 0, incomplete},
		{start + strings.Repeat("x", maxHead-len(start)+1), 0, foreign},
		{start + strings.Repeat("x", maxHead-len(start)-4) + "\r\n\r\n", maxHead, whole},
		{start + strings.Repeat("x", maxHead-len(start)-3) + "\r\n\r\n", 0, foreign},
	} {
		size, v := judge([]byte(c.data), start)
		require.Equal(t, c.want, v, "%.40q", c.data)
		if v == whole {
			require.Equal(t, c.size, size, "%.40q", c.data)
		}
	}
}

func TestPlain(t *testing.T) {
	for head, want := range map[string]bool{
		"GET / HTTP/1.1\r\nHost: a\r\n\r\n":               true,
		"GET / HTTP/1.1\r\nX-Y1: \xc3\xa4 \t\r\n\r\n":     true,
		"GET / HTTP/1.1\r\n\r\n":                          true,
		"GET / HTTP/1.1\nHost: a\r\n\r\n":                 false,
		"GET / HTTP/1.1\r\nHost: a\n\r\n":                 false,
		"GET / HTTP/1.1\r\nHost: a\r\r\n\r\n":             false,
		"GET / HTTP/1.1\r\nHost : a\r\n\r\n":              false,
		"GET / HTTP/1.1\r\n: a\r\n\r\n":                   false,
		"GET / HTTP/1.1\r\nHost\r\n\r\n":                  false,
		"GET / HTTP/1.1\r\n folded: a\r\n\r\n":            false,
		"GET / HTTP/1.1\r\nA_B: a\r\n\r\n":                false,
		"GET / HTTP/1.1\r\nA: \x00\r\n\r\n":               false,
		"GET / HTTP/1.1\r\nA: \x7f\r\n\r\n":               false,
		"GET / HTTP/1.1\r\nHost: a\r\n\r\nmore behind it": false,
		"GET / HTTP/1.1\r\nHost: a\r\n":                   false,
		"":                                                false,
	} {
		require.Equal(t, want, plain([]byte(head)), "%q", head)
	}
}

func TestPlainPath(t *testing.T) {
	for path, want := range map[string]bool{
		"/ws/room/7/": true, "/": true, "/a-b_c~d.e": true,
		"": false, "ws": false, "/a//b": false, "/a/../b": false, "/./a": false, "/.a": false,
		"/a%2fb": false, "/\xc3\xa4": false, "/a b": false, "*": false,
	} {
		require.Equal(t, want, plainPath([]byte(path)), "%q", path)
	}
}

func TestPlainHost(t *testing.T) {
	for host, want := range map[string]bool{
		"edge.test:8080": true, "[::1]:8080": true, "A-1": true,
		"": false, "a b": false, "a/b": false, "a,b": false, "u@h": false,
	} {
		require.Equal(t, want, plainHost([]byte(host)), "%q", host)
	}
}
