package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"parley/internal/build"
	"parley/loadtest/report"
)

func newVersion(p process) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print version, commit, time of the commit and Go's version",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			fmt.Fprintln(p.stdout, build.Read().Line("parley-load"))
			return nil
		},
	}
}

// tool names this build in reports.
func tool() report.Tool {
	b := build.Read()
	return report.Tool{Version: b.Version, Commit: b.Commit}
}
