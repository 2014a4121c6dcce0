package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/api"
	"parley/auth"
)

func TestCORS(t *testing.T) {
	origins, err := auth.ParseOrigins([]string{"https://app.example.com", "*.example.org"})
	require.NoError(t, err)
	b := newBench(t, func(c *api.Config, _ *api.Services) { c.Origins = origins })
	for origin, allowed := range map[string]bool{
		"https://app.example.com": true,
		"https://a.example.org":   true,
		b.url:                     true,
		"https://evil.example":    false,
		"null":                    false,
	} {
		preflight := b.send(t, "OPTIONS", "/api/rooms/", http.Header{
			"Origin": {origin}, "Access-Control-Request-Method": {"PATCH"}, "Access-Control-Request-Headers": {"authorization"},
		}, nil)
		require.Equal(t, http.StatusNoContent, preflight.status)
		call := b.send(t, "GET", "/api/auth/me/", http.Header{"Origin": {origin}}, nil)
		require.Equal(t, http.StatusUnauthorized, call.status, "an origin is no credential")
		for _, a := range []answer{preflight, call} {
			require.Contains(t, a.header.Values("Vary"), "Origin")
			require.Empty(t, a.header.Get("Access-Control-Allow-Credentials"))
			if allowed {
				require.Equal(t, origin, a.header.Get("Access-Control-Allow-Origin"))
			} else {
				require.Empty(t, a.header.Get("Access-Control-Allow-Origin"), "%s", origin)
			}
		}
		if allowed {
			require.Contains(t, preflight.header.Get("Access-Control-Allow-Methods"), "PATCH")
			require.Contains(t, preflight.header.Get("Access-Control-Allow-Headers"), "Authorization")
			require.Contains(t, call.header.Get("Access-Control-Expose-Headers"), "Retry-After")
		}
	}
	require.Contains(t, b.do(t, "GET", "/api/docs/", "", nil).header.Values("Vary"), "Origin", "caches must know, Origin or not")
}
