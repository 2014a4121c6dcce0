package main

import (
	"context"
	"errors"
	"log/slog"

	"parley/configs"
	"parley/internal/app"
)

// launch builds and starts a node; what was built is stopped if it cannot start.
func launch(ctx context.Context, cfg configs.Config, log *slog.Logger) (node, error) {
	built, err := app.New(ctx, cfg, log)
	if err != nil {
		return nil, err
	}
	if err := built.Start(ctx); err != nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cfg.Shutdown.Grace)
		defer cancel()
		return nil, errors.Join(err, built.Stop(ctx))
	}
	return built, nil
}

func migrate(ctx context.Context, cfg configs.Config) ([]string, error) {
	return app.Migrate(ctx, cfg)
}
