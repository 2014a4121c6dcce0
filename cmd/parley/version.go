package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"parley/internal/build"
)

func newVersion(p process) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print version, commit, time of the commit and Go's version",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(p.stdout, build.Read().Line("parley"))
			return failed(err)
		},
	}
}
