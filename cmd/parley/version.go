package main

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"parley/internal/build"
)

func newVersion(p process) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print version, commit, time of the commit and Go's version",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			b := build.Read()
			_, err := fmt.Fprintf(p.stdout, "parley %s commit %s built %s %s %s/%s\n",
				b.Version, b.Commit, b.Built, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return failed(err)
		},
	}
}
