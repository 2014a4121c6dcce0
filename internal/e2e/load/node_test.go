package load

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"parley/configs"
	"parley/internal/app"
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
	cfg := configs.Default()
	cfg.HTTP.Addr, cfg.Admin.Addr = "127.0.0.1:0", "127.0.0.1:0"
	cfg.Store.DSN = "sqlite:" + filepath.Join(t.TempDir(), "parley.db")
	cfg.Auth.Argon2 = configs.Argon2{MemoryKiB: 64, Time: 1, Threads: 1}
	cfg.Limits.Enabled = false
	for _, c := range change {
		c(&cfg)
	}
	a, err := app.New(t.Context(), cfg, slog.New(slog.NewTextHandler(t.Output(), nil)))
	require.NoError(t, err)
	require.NoError(t, a.Start(t.Context()))
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		require.NoError(t, a.Stop(ctx))
	})
	return "http://" + a.Addr(), "http://" + a.AdminAddr()
}

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
