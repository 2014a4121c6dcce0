package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/term"

	"parley/loadtest/live"
)

func main() {
	// The first signal ends the load, which then reports what was done; the second
	// ends the process.
	ctx, release := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, release)
	p := process{args: os.Args[1:], stdout: os.Stdout, stderr: os.Stderr}
	if term.IsTerminal(int(os.Stderr.Fd())) {
		p.screen = screen
	}
	os.Exit(perform(ctx, p))
}

// screen is the size of stderr's terminal.
func screen() live.Size {
	width, height, err := term.GetSize(int(os.Stderr.Fd()))
	if err != nil {
		return live.Size{Width: 80, Height: 24}
	}
	return live.Size{Width: width, Height: height}
}
