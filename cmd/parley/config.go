package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"parley/configs"
)

func newConfig(p process, s *settings) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Check or print the configuration",
		RunE: func(*cobra.Command, []string) error {
			return errors.New("config wants check or print")
		},
	}
	cmd.AddCommand(newConfigCheck(p, s), newConfigPrint(p, s))
	return cmd
}

func newConfigCheck(p process, s *settings) *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Tell every problem of the configuration, one a line",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if _, err := s.loadFor(p); err != nil {
				return err
			}
			fmt.Fprintln(p.stdout, "configuration ok")
			return nil
		},
	}
}

func newConfigPrint(p process, s *settings) *cobra.Command {
	return &cobra.Command{
		Use:   "print",
		Short: "Print the effective configuration as YAML, without secrets",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			cfg, err := s.loadFor(p)
			if err != nil {
				return err
			}
			return failed(configs.Print(p.stdout, cfg))
		},
	}
}
