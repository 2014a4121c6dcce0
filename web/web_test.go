package web_test

import (
	"io/fs"
	"net/http"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/stretchr/testify/require"
)

// built calls visit for each file of dist, with the path of its URL.
func built(t *testing.T, visit func(urlPath, content string)) {
	t.Helper()
	tree := os.DirFS("dist")
	require.NoError(t, fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(tree, name)
		visit("/"+strings.TrimSuffix(name, "index.html"), string(content))
		return err
	}))
}

func TestEveryFileIsServedAsItIs(t *testing.T) {
	ask := serve(t)
	types := map[string]string{
		".html": "text/html; charset=utf-8", "": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8",
		".css": "text/css; charset=utf-8", ".json": "application/json", ".ts": "text/plain; charset=utf-8",
		".txt": "text/plain; charset=utf-8", ".svg": "image/svg+xml", ".png": "image/png", ".ico": "image/x-icon",
		".webmanifest": "application/manifest+json",
	}
	seen := map[string]bool{}
	built(t, func(urlPath, content string) {
		seen[urlPath] = true
		got := ask(http.MethodGet, urlPath)
		require.Equal(t, http.StatusOK, got.status, urlPath)
		if content != got.body { // too long to show
			require.Failf(t, "not what was built", "%s", urlPath)
		}
		want, known := types[path.Ext(urlPath)]
		require.True(t, known, "%s: which type has it? tell header.go, and this test", urlPath)
		require.Equal(t, want, got.header.Get("Content-Type"), urlPath)
		require.Equal(t, "nosniff", got.header.Get("X-Content-Type-Options"), urlPath)
		require.Equal(t, "no-cache", got.header.Get("Cache-Control"), urlPath)
		require.Equal(t, "Accept-Encoding", got.header.Get("Vary"), urlPath)

		head := ask(http.MethodHead, urlPath)
		require.Equal(t, http.StatusOK, head.status, urlPath)
		require.Empty(t, head.body)
		require.Equal(t, got.header.Get("ETag"), head.header.Get("ETag"), urlPath)
		require.Equal(t, got.header.Get("Content-Length"), head.header.Get("Content-Length"), urlPath)
	})
	for _, name := range []string{"/", "/page.js", "/config.json", "/client/parley.js", "/client/parley.d.ts"} {
		require.True(t, seen[name], "%s was not built", name)
	}
}

func TestCompressedWhereAcceptedAndSmaller(t *testing.T) {
	ask := serve(t)
	for accept, want := range map[string]string{
		"gzip": "gzip", "deflate, gzip;q=0.5, br": "gzip", "GZIP ; Q=1": "gzip",
		"": "", "br": "", "gzip;q=0": "", "gzip; q=0.000, br": "", "x-gzipped": "", "*;q=0": "",
	} {
		got := ask(http.MethodGet, "/NOTICE.txt", "Accept-Encoding", accept)
		require.Equal(t, want, got.header.Get("Content-Encoding"), accept)
	}
	plain := ask(http.MethodGet, "/NOTICE.txt")
	small := ask(http.MethodGet, "/NOTICE.txt", "Accept-Encoding", "gzip")
	require.Less(t, len(small.body), len(plain.body))
	require.NotEqual(t, plain.header.Get("ETag"), small.header.Get("ETag"), "other bytes, another validator")
	r, err := gzip.NewReader(strings.NewReader(small.body))
	require.NoError(t, err)
	var b strings.Builder
	_, err = r.WriteTo(&b)
	require.NoError(t, err)
	require.Equal(t, plain.body, b.String())
	require.Empty(t, ask(http.MethodGet, "/config.json", "Accept-Encoding", "gzip").header.Get("Content-Encoding"), "nothing to save")
}

func TestWhoHasItIsToldSo(t *testing.T) {
	ask := serve(t)
	for _, accept := range []string{"", "gzip"} {
		tag := ask(http.MethodGet, "/NOTICE.txt", "Accept-Encoding", accept).header.Get("ETag")
		require.Regexp(t, `^"[^"]+"$`, tag, "a strong validator")
		again := ask(http.MethodGet, "/NOTICE.txt", "Accept-Encoding", accept, "If-None-Match", `"old", W/`+tag)
		require.Equal(t, http.StatusNotModified, again.status)
		require.Empty(t, again.body)
		require.Equal(t, tag, again.header.Get("ETag"))
		require.Equal(t, "no-cache", again.header.Get("Cache-Control"))
		require.Equal(t, http.StatusOK, ask(http.MethodGet, "/NOTICE.txt", "If-None-Match", `"old"`).status)
	}
	part := ask(http.MethodGet, "/client/parley.js", "Range", "bytes=0-3")
	require.Equal(t, http.StatusPartialContent, part.status)
	require.Len(t, part.body, 4)
}

func TestOnlyThePageIsToBeTrustedAndOnlyTheLibraryIsForOthers(t *testing.T) {
	ask := serve(t)
	page := ask(http.MethodGet, "/").header
	policy := page.Get("Content-Security-Policy")
	for _, want := range []string{
		"default-src 'none'", "script-src 'self';", "style-src 'self';", "connect-src 'self'",
		"base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'",
	} {
		require.Contains(t, policy, want)
	}
	require.NotContains(t, policy, "unsafe")
	require.Contains(t, page.Get("Permissions-Policy"), "camera=(self), microphone=(self), display-capture=(self)")
	require.Equal(t, "same-origin", page.Get("Referrer-Policy"))
	require.Equal(t, "same-origin", page.Get("Cross-Origin-Opener-Policy"))
	for _, own := range []string{"/", "/page.js", "/config.json"} {
		h := ask(http.MethodGet, own, "Origin", "https://other.example").header
		require.Empty(t, h.Get("Access-Control-Allow-Origin"), own)
		require.Equal(t, "same-origin", h.Get("Cross-Origin-Resource-Policy"), own)
	}
	library := ask(http.MethodGet, "/client/parley.js", "Origin", "https://other.example").header
	require.Equal(t, "*", library.Get("Access-Control-Allow-Origin"))
	require.Equal(t, "cross-origin", library.Get("Cross-Origin-Resource-Policy"))
}

func TestNothingElseIsThere(t *testing.T) {
	ask := serve(t)
	for _, name := range []string{"/nothing", "/index.html", "/client", "/client/", "/dist/page.js", "/page.js/", "/../web.go", "//page.js"} {
		require.Equal(t, http.StatusNotFound, ask(http.MethodGet, name).status, name)
		require.Equal(t, http.StatusNotFound, ask(http.MethodPost, name).status, name)
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions} {
		got := ask(method, "/page.js")
		require.Equal(t, http.StatusMethodNotAllowed, got.status, method)
		require.Equal(t, "GET, HEAD", got.header.Get("Allow"), method)
	}
}
