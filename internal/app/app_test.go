package app_test

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"parley/configs"
	"parley/internal/app"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func config(t *testing.T) configs.Config {
	t.Helper()
	cfg := configs.Default()
	cfg.HTTP.Addr, cfg.Admin.Addr = "127.0.0.1:0", "127.0.0.1:0"
	cfg.Store.DSN = "sqlite:" + filepath.Join(t.TempDir(), "parley.db")
	return cfg
}

func build(t *testing.T, cfg configs.Config) (*app.App, error) {
	t.Helper()
	return app.New(t.Context(), cfg, slog.New(slog.DiscardHandler))
}

func stop(t *testing.T, a *app.App) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	require.NoError(t, a.Stop(ctx))
}

func get(t *testing.T, url string) *http.Response {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	client := &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	res, err := client.Do(req)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	return res
}

// What cannot be built says which key is at fault, and leaves nothing running:
// the leak check of this package watches.
func TestNewNamesTheKeyAtFault(t *testing.T) {
	notAFolder := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(notAFolder, nil, 0o600))
	for key, change := range map[string]func(*configs.Config){
		"store.dsn":            func(c *configs.Config) { c.Store.DSN = "postgres://127.0.0.1:1/parley" },
		"store.dsn: ":          func(c *configs.Config) { c.Store.DSN = "sqlite:" + notAFolder + "/parley.db" },
		"cluster.redis_url":    func(c *configs.Config) { c.Cluster.RedisURL = "redis://" },
		"http.allowed_origins": func(c *configs.Config) { c.HTTP.AllowedOrigins = []string{"ftp//"} },
		"edge":                 func(c *configs.Config) { c.Edge.Shards = -1 },
	} {
		t.Run(key, func(t *testing.T) {
			cfg := config(t)
			change(&cfg)
			_, err := build(t, cfg)
			require.ErrorContains(t, err, key)
		})
	}
}

func TestStartNamesTheAddressThatIsTaken(t *testing.T) {
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, taken.Close()) }()
	for key, change := range map[string]func(*configs.Config){
		"http.addr":  func(c *configs.Config) { c.HTTP.Addr = taken.Addr().String() },
		"admin.addr": func(c *configs.Config) { c.Admin.Addr = taken.Addr().String() },
	} {
		t.Run(key, func(t *testing.T) {
			cfg := config(t)
			change(&cfg)
			a, err := build(t, cfg)
			require.NoError(t, err)
			require.ErrorContains(t, a.Start(t.Context()), key)
			stop(t, a)
		})
	}
}

func TestAStopBeforeTheStart(t *testing.T) {
	a, err := build(t, config(t))
	require.NoError(t, err)
	require.Empty(t, a.Addr())
	stop(t, a)
}

func TestSeveralNodesInOneProcess(t *testing.T) {
	var nodes []*app.App
	for range 3 {
		a, err := build(t, config(t))
		require.NoError(t, err)
		require.NoError(t, a.Start(t.Context()))
		nodes = append(nodes, a)
	}
	for _, a := range nodes {
		require.Equal(t, http.StatusOK, get(t, "http://"+a.AdminAddr()+"/readyz").StatusCode)
		stop(t, a)
	}
}

func TestWithoutThePageTheRootLeadsToTheDocumentation(t *testing.T) {
	cfg := config(t)
	cfg.HTTP.Page = false
	cfg.Admin.Addr = "" // off
	a, err := build(t, cfg)
	require.NoError(t, err)
	require.NoError(t, a.Start(t.Context()))
	defer stop(t, a)
	require.Empty(t, a.AdminAddr())
	res := get(t, "http://"+a.Addr()+"/")
	require.Equal(t, http.StatusFound, res.StatusCode)
	require.Equal(t, http.StatusOK, get(t, "http://"+a.Addr()+res.Header.Get("Location")).StatusCode)
	for _, nothing := range []string{"/nothing", "/page.js", "/client/parley.js"} {
		require.Equal(t, http.StatusNotFound, get(t, "http://"+a.Addr()+nothing).StatusCode, nothing)
	}
}

func TestStartNamesACertificateThatCannotBeRead(t *testing.T) {
	cfg := config(t)
	cfg.HTTP.TLS = configs.TLS{Cert: filepath.Join(t.TempDir(), "none.pem"), Key: "none.pem"}
	a, err := build(t, cfg)
	require.NoError(t, err)
	require.ErrorContains(t, a.Start(t.Context()), "http.tls.cert")
	stop(t, a)
}
