package docs_test

import (
	"context"
	"log/slog"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/configs"
	"parley/internal/app"
	"parley/loadtest/client"
)

// patience bounds every wait: far longer than anything takes.
const patience = 30 * time.Second

// startNode starts a node on free ports, with data in a folder of its own, and
// stops it when the test ends.
func startNode(t *testing.T, change func(*configs.Config)) *app.App {
	t.Helper()
	cfg := configs.Default()
	cfg.HTTP.Addr, cfg.Admin.Addr = "127.0.0.1:0", "127.0.0.1:0"
	cfg.Store.DSN = "sqlite:" + filepath.Join(t.TempDir(), "parley.db")
	cfg.Auth.Argon2 = configs.Argon2{MemoryKiB: 64, Time: 1, Threads: 1}
	cfg.Edge.Shards = 1
	change(&cfg)
	a, err := app.New(t.Context(), cfg, slog.New(slog.NewTextHandler(t.Output(), nil)))
	require.NoError(t, err)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		require.NoError(t, a.Stop(ctx))
	})
	require.NoError(t, a.Start(t.Context()))
	return a
}

// serverAt is a client of a node that leaves no connection behind.
func serverAt(addr string) client.Server {
	return client.Server{
		Base: "http://" + addr,
		HTTP: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}},
	}
}

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}
