package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"parley/cluster"
	"parley/configs"
	"parley/internal/build"
	"parley/metrics"
	"parley/presence"
	"parley/store/sqlite"
)

// presenceLease is how long entries outlive a node that is gone. In one process
// none outlives the registry itself.
const presenceLease = 365 * 24 * time.Hour

// openBackends picks what holds the data: here the DSN decides.
func (a *App) openBackends(ctx context.Context) error {
	b := build.Read()
	a.metrics = metrics.New(metrics.BuildInfo{Version: b.Version, Revision: b.Commit})
	path, err := sqlitePath(a.cfg.Store.DSN)
	if err != nil {
		return err
	}
	if a.cfg.Cluster.RedisURL != "" {
		return errors.New("app: cluster.redis_url: this build runs single nodes only; want it empty")
	}
	st, err := sqlite.Open(ctx, sqlite.Config{Path: path, Meter: a.metrics.Store, Logger: a.log})
	if err != nil {
		return fmt.Errorf("app: store.dsn: %w", err)
	}
	a.store = st
	a.metrics.Store.Queue(st.Queued)
	a.onStop("store", func(context.Context) error { return st.Close() })

	a.bus = cluster.NewMemory().Bus()
	a.onStop("bus", func(context.Context) error { return a.bus.Close() })
	a.presence = presence.NewMemory(presenceLease, time.Now).Node(a.node)
	a.onStop("presence", a.presence.Close)
	return nil
}

// Migrate brings the store's schema up to date and returns the versions that it
// applied.
func Migrate(ctx context.Context, cfg configs.Config) ([]string, error) {
	path, err := sqlitePath(cfg.Store.DSN)
	if err != nil {
		return nil, err
	}
	return sqlite.Migrate(ctx, path)
}

func sqlitePath(dsn string) (string, error) {
	path, ok := strings.CutPrefix(dsn, "sqlite:")
	if !ok {
		return "", errors.New("app: store.dsn: this build keeps its data in SQLite only; want sqlite:PATH")
	}
	return path, nil
}
