package app

import (
	"context"
	"fmt"
	"strings"

	"parley/configs"
	"parley/store"
	"parley/store/postgres"
	"parley/store/sqlite"
)

// database is a store whose queue can be watched.
type database interface {
	store.Store
	Queued() int
}

// openStore opens what store.dsn names, a file or a PostgreSQL server.
func (a *App) openStore(ctx context.Context) error {
	st, err := a.openDatabase(ctx)
	if err != nil {
		return fmt.Errorf("app: store.dsn: %w", err)
	}
	a.store = st
	a.metrics.Store.Queue(st.Queued)
	a.onStop("store", func(context.Context) error { return st.Close() })
	return nil
}

func (a *App) openDatabase(ctx context.Context) (database, error) {
	c := a.cfg.Store
	if path, ok := sqlitePath(c.DSN); ok {
		return sqlite.Open(ctx, sqlite.Config{Path: path, Meter: a.metrics.Store, Logger: a.log})
	}
	return postgres.Open(ctx, postgres.Config{
		DSN: c.DSN, Connections: c.Connections, Meter: a.metrics.Store, Logger: a.log,
	})
}

// Migrate brings the store's schema up to date and returns the versions that it
// applied.
func Migrate(ctx context.Context, cfg configs.Config) ([]string, error) {
	if path, ok := sqlitePath(cfg.Store.DSN); ok {
		return sqlite.Migrate(ctx, path)
	}
	return postgres.Migrate(ctx, cfg.Store.DSN)
}

func sqlitePath(dsn string) (path string, ok bool) { return strings.CutPrefix(dsn, "sqlite:") }
