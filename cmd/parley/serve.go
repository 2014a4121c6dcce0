package main

import (
	"context"

	"github.com/spf13/cobra"
)

func newServe(p process, s *settings) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run a node until it is told to stop",
		Long: "Run a node until SIGINT or SIGTERM, then stop within shutdown.grace.\n" +
			"A second signal stops at once, with exit code 1.\n" +
			"SIGHUP reads the certificate of http.tls again.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return serve(cmd.Context(), p, s)
		},
	}
	s.bind(cmd.Flags(), "http.addr", "admin.addr", "store.dsn", "log.level", "log.format")
	return cmd
}

func serve(ctx context.Context, p process, s *settings) error {
	cfg, warnings, err := s.load(p.environ)
	if err != nil {
		warn(p.stderr, warnings)
		return err
	}
	log := newLogger(p.stderr, cfg.Log)
	for _, warning := range warnings {
		log.Warn("configuration", "warning", warning)
	}
	return failed(supervisor{
		signals: p.signals,
		hangups: p.hangups,
		grace:   cfg.Shutdown.Grace,
		log:     log,
		launch: func(ctx context.Context) (node, error) {
			return p.launch(ctx, cfg, log)
		},
		started: func(n node) {
			if cfg.Log.Format == "text" {
				greet(p.stdout, n, cfg.HTTP)
			}
		},
	}.run(ctx))
}
