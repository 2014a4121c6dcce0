package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/spf13/cobra"

	"parley/configs"
)

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1 // something went wrong while running
	exitUsage  = 2 // the command line or the configuration is wrong
)

// process is what the system gives to a command; static.
type process struct {
	args    []string
	environ []string
	stdout  io.Writer
	stderr  io.Writer
	signals <-chan os.Signal // SIGINT and SIGTERM
	hangups <-chan os.Signal // SIGHUP

	launch  func(context.Context, configs.Config, *slog.Logger) (node, error)
	migrate func(context.Context, configs.Config) ([]string, error)
}

// run executes the command line and returns the exit code.
func run(ctx context.Context, p process) int {
	root := newRoot(p)
	root.SetArgs(p.args)
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	err := root.ExecuteContext(ctx)

	var problems configs.Problems
	var failure *failure
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &failure):
		fmt.Fprintln(p.stderr, "parley:", err)
		return exitFailed
	case errors.As(err, &problems):
		fmt.Fprintln(p.stderr, problems)
		return exitUsage
	default:
		fmt.Fprintf(p.stderr, "parley: %v\nRun 'parley --help' for usage.\n", err)
		return exitUsage
	}
}

func newRoot(p process) *cobra.Command {
	root := &cobra.Command{
		Use:           "parley",
		Short:         "Signaling and realtime edge server for chat and calls",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	s := newSettings(root.PersistentFlags())
	root.AddCommand(newServe(p, s), newMigrate(p, s), newHealth(p, s), newConfig(p, s), newVersion(p))
	return root
}

// failure is an error of a command that was asked rightly.
type failure struct{ err error }

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// failed marks an error, if there is one, as a failure.
func failed(err error) error {
	if err == nil {
		return nil
	}
	return &failure{err}
}
