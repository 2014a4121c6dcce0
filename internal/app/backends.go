package app

import (
	"context"

	"parley/internal/build"
	"parley/metrics"
)

// openBackends picks what holds the data, and what joins the nodes.
func (a *App) openBackends(ctx context.Context) error {
	b := build.Read()
	a.metrics = metrics.New(metrics.BuildInfo{Version: b.Version, Revision: b.Commit})
	if err := a.openStore(ctx); err != nil {
		return err
	}
	return a.joinCluster(ctx)
}
