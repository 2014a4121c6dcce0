package main

import (
	"github.com/spf13/cobra"

	"parley/loadtest/report"
)

func newCompare(p process) *cobra.Command {
	return &cobra.Command{
		Use:   "compare BEFORE.json AFTER.json",
		Short: "Compare two reports; exit code 1 if anything is worse, beyond noise",
		Args:  cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, paths []string) error {
			before, err := report.Read(paths[0])
			if err != nil {
				return err
			}
			after, err := report.Read(paths[1])
			if err != nil {
				return err
			}
			if report.WriteComparison(p.stdout, before, after) {
				return errBroken
			}
			return nil
		},
	}
}
