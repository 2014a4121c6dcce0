package load

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"parley/configs"
	"parley/internal/nodetest"
	"parley/loadtest/target"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds every wait of a test: far longer than anything takes.
const patience = 60 * time.Second

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

// startNode starts a node without limits that ends with the test, and returns its
// base URL.
func startNode(t *testing.T, change ...func(*configs.Config)) string {
	t.Helper()
	url, _ := startWatched(t, change...)
	return url
}

// startWatched starts a node, and returns the base URL of its admin listener too.
func startWatched(t *testing.T, change ...func(*configs.Config)) (url, admin string) {
	t.Helper()
	n := nodetest.Start(t, append([]func(*configs.Config){unlimited}, change...)...)
	return n.URL(), n.AdminURL()
}

func unlimited(c *configs.Config) { c.Limits.Enabled = false }

func aim(t *testing.T, url string, admin ...string) *target.Target {
	t.Helper()
	tg, err := target.New(within(t), target.Config{URLs: []string{url}, Admin: admin})
	require.NoError(t, err)
	t.Cleanup(tg.Close)
	return tg
}

// hide stands before an admin listener and answers 404 for what lies below a path.
func hide(t *testing.T, admin, path string) string {
	t.Helper()
	behind, err := url.Parse(admin)
	require.NoError(t, err)
	proxy := httputil.NewSingleHostReverseProxy(behind)
	hop := &http.Transport{}
	proxy.Transport = hop
	t.Cleanup(hop.CloseIdleConnections)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, path) {
			http.NotFound(w, r)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s.URL
}
