package browser

import (
	"context"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/configs"
	"parley/internal/app"
)

// node is a node that can be stopped and started again, with the same address and
// the same data.
type node struct {
	log *slog.Logger // static

	mu  sync.Mutex
	cfg configs.Config // guarded by mu
	app *app.App       // guarded by mu: nil while stopped
}

func startNode(t *testing.T, change func(*configs.Config)) *node {
	t.Helper()
	cfg := configs.Default()
	cfg.HTTP.Addr, cfg.Admin.Addr = "127.0.0.1:0", "127.0.0.1:0"
	cfg.Store.DSN = "sqlite:" + filepath.Join(t.TempDir(), "parley.db")
	cfg.Auth.Argon2 = configs.Argon2{MemoryKiB: 64, Time: 1, Threads: 1}
	cfg.Edge.Shards = 2
	change(&cfg)
	n := &node{cfg: cfg, log: slog.New(slog.NewTextHandler(t.Output(), nil))}
	require.NoError(t, n.start())
	t.Cleanup(func() { require.NoError(t, n.stop()) })
	return n
}

// start does nothing while the node runs.
func (n *node) start() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.app != nil {
		return nil
	}
	a, err := app.New(context.Background(), n.cfg, n.log)
	if err != nil {
		return err
	}
	if err := a.Start(context.Background()); err != nil {
		return err
	}
	n.app, n.cfg.HTTP.Addr, n.cfg.Admin.Addr = a, a.Addr(), a.AdminAddr()
	return nil
}

// stop ends the node in good order, as SIGTERM does. It does nothing while the
// node does not run.
func (n *node) stop() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.app == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	err := n.app.Stop(ctx)
	n.app = nil
	return err
}

// addr is where the node serves when it runs.
func (n *node) addr() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.cfg.HTTP.Addr
}

func (n *node) adminAddr() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.cfg.Admin.Addr
}
