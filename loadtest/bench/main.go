package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := command(ctx, os.Args[1:]); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// floorCommand has this program be the floor, the server that it compares with.
const floorCommand = "floor"

func command(ctx context.Context, args []string) error {
	if len(args) == 2 && args[0] == floorCommand {
		return runFloor(ctx, args[1], os.Stdout)
	}
	o, err := parseOptions(args, os.Stderr)
	if err != nil {
		return err
	}
	if o.self, err = os.Executable(); err != nil {
		return fmt.Errorf("the floor is this program: %w", err)
	}
	return run(ctx, o, os.Stdout, os.Stderr)
}
