package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"parley/loadtest/live"
)

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1 // a rule was broken: the deployment is not good enough, or worse than before
	exitUsage  = 2 // the command line is wrong
	exitUnable = 3 // the load could not run
)

// process is what the system gives to a command; static.
type process struct {
	args   []string
	stdout io.Writer        // the report
	stderr io.Writer        // progress, and what is wrong
	screen func() live.Size // of stderr's terminal; nil: it is none
}

// errBroken ends a command whose report says why.
var errBroken = errors.New("the run has failed")

// unable is an error of a load that could not run.
type unable struct{ err error }

func (u *unable) Error() string { return u.err.Error() }
func (u *unable) Unwrap() error { return u.err }

// perform executes the command line and returns the exit code.
func perform(ctx context.Context, p process) int {
	root := newRoot(p)
	root.SetArgs(p.args)
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	err := root.ExecuteContext(ctx)

	var u *unable
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errBroken):
		return exitFailed
	case errors.As(err, &u):
		fmt.Fprintln(p.stderr, "parley-load:", err)
		return exitUnable
	default:
		fmt.Fprintf(p.stderr, "parley-load: %v\nRun 'parley-load --help' for usage.\n", err)
		return exitUsage
	}
}

func newRoot(p process) *cobra.Command {
	root := &cobra.Command{
		Use:           "parley-load",
		Short:         "Load test for deployments of Parley",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(newCalls(p), newChat(p), newIdle(p), newStorm(p), newMixed(p), newAgent(p), newCompare(p), newVersion(p))
	return root
}
