package docs_test

import (
	"net/http"
	"strings"
	"testing"

	"parley/internal/nodetest"

	"github.com/stretchr/testify/require"
)

// TestHeadersOfThePageElsewhere holds what operations.md has another web server
// say of the page against what a node says of it.
func TestHeadersOfThePageElsewhere(t *testing.T) {
	n := nodetest.Start(t)
	req, err := http.NewRequestWithContext(within(t), http.MethodGet, n.URL()+"/", http.NoBody)
	require.NoError(t, err)
	res, err := n.Server().HTTP.Do(req)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	shown := read(t, operationsFile).text
	for _, name := range []string{
		"Content-Security-Policy", "Cross-Origin-Opener-Policy", "Referrer-Policy", "X-Content-Type-Options", "Cache-Control",
	} {
		value := strings.Replace(res.Header.Get(name), "connect-src 'self'",
			"connect-src 'self' https://chat.example.com wss://chat.example.com", 1)
		require.NotEmpty(t, value, name)
		if strings.Contains(value, " ") {
			value = `"` + value + `"`
		}
		require.Contains(t, shown, "\nadd_header "+name+" "+value+" always;\n", "%s has other headers than the page", operationsFile)
	}
}
