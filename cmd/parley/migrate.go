package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func newMigrate(p process, s *settings) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "migrate",
		Short: "Bring the store's schema up to date (serve does so too)",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := s.loadFor(p)
			if err != nil {
				return err
			}
			applied, err := p.migrate(cmd.Context(), cfg)
			for _, name := range applied {
				fmt.Fprintln(p.stdout, "applied", name)
			}
			if err == nil && len(applied) == 0 {
				fmt.Fprintln(p.stdout, "already up to date")
			}
			return failed(err)
		},
	}
	s.bind(cmd.Flags(), "store.dsn")
	return cmd
}
