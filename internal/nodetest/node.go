package nodetest

import (
	"context"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/configs"
	"parley/internal/app"
	"parley/loadtest/client"
)

// patience bounds a stop: far longer than it takes, even under the race detector on
// a busy machine.
const patience = time.Minute

// Node is a node that can be stopped and started again, at its address and with its
// data.
type Node struct {
	log *slog.Logger // static

	mu  sync.Mutex
	cfg configs.Config // guarded by mu
	app *app.App       // guarded by mu: nil while stopped
}

// Config is that of a node on free ports, with data in a folder of its own, a few
// shards, and passwords that are hashed at once: tests sign up by the hundred.
func Config(t testing.TB) configs.Config {
	t.Helper()
	cfg := configs.Default()
	cfg.HTTP.Addr, cfg.Admin.Addr = "127.0.0.1:0", "127.0.0.1:0"
	cfg.Store.DSN = "sqlite:" + filepath.Join(t.TempDir(), "parley.db")
	cfg.Auth.Argon2 = configs.Argon2{MemoryKiB: 64, Time: 1, Threads: 1}
	cfg.Edge.Shards = 2
	return cfg
}

// Start starts a node, of Config as changed, that ends with the test.
func Start(t testing.TB, change ...func(*configs.Config)) *Node {
	t.Helper()
	cfg := Config(t)
	for _, c := range change {
		c(&cfg)
	}
	n := &Node{cfg: cfg, log: slog.New(slog.NewTextHandler(t.Output(), nil))}
	require.NoError(t, n.Start())
	t.Cleanup(func() { require.NoError(t, n.Stop()) })
	return n
}

// Start does nothing while the node runs.
func (n *Node) Start() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.app != nil {
		return nil
	}
	ctx := context.Background()
	a, err := app.New(ctx, n.cfg, n.log)
	if err != nil {
		return err
	}
	if err := a.Start(ctx); err != nil {
		return err
	}
	n.app, n.cfg.HTTP.Addr, n.cfg.Admin.Addr = a, a.Addr(), a.AdminAddr()
	return nil
}

// Stop ends the node in good order, as SIGTERM does. It does nothing while the node
// does not run.
func (n *Node) Stop() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.app == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	a := n.app
	n.app = nil
	return a.Stop(ctx)
}

// Reload is what SIGHUP does. The node must run.
func (n *Node) Reload() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.app.Reload()
}

// Config is the node's, with the addresses that it has got.
func (n *Node) Config() configs.Config {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.cfg
}

// Addr is where the node serves while it runs, host:port.
func (n *Node) Addr() string { return n.Config().HTTP.Addr }

// AdminAddr is that of the admin listener.
func (n *Node) AdminAddr() string { return n.Config().Admin.Addr }

// URL is the base URL of a node without TLS.
func (n *Node) URL() string { return "http://" + n.Addr() }

// AdminURL is that of the admin listener.
func (n *Node) AdminURL() string { return "http://" + n.AdminAddr() }

// Server is the node as clients see it.
func (n *Node) Server() client.Server { return Server(n.Addr()) }
