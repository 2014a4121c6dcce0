package host

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"syscall"
	"time"
)

// Command is a process to start.
type Command struct {
	Path string
	Args []string
	Env  []string // all of it
	CPUs int      // that it may use; GOMAXPROCS is set to it
}

// Child is a process that was started.
type Child struct {
	Process Process
	Stdout  io.Reader
	stop    func() error
}

// stopPatience is how long a child may take to end before it is killed.
const stopPatience = 15 * time.Second

// Start starts a child: with one processor, on the server's; with more, on all,
// those of this process included. It ends with the calling thread, or with ctx,
// at the latest.
func (p Processors) Start(ctx context.Context, c Command) (*Child, error) {
	ctx, cancel := context.WithCancel(ctx)
	var stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, c.Path, c.Args...) //nolint:gosec // G204: it is what the one who measures wants to run
	cmd.Env = c.Env
	if p.Pinned() {
		cmd.Env = append(cmd.Env, fmt.Sprint("GOMAXPROCS=", c.CPUs))
	}
	cmd.Stderr = &stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = stopPatience
	stdout, err := cmd.StdoutPipe()
	if err == nil {
		err = p.aside(c.CPUs > 1, cmd.Start)
	}
	if err != nil {
		cancel()
		return nil, fmt.Errorf("host: start: %w", err)
	}
	return &Child{Process: Process(cmd.Process.Pid), Stdout: stdout, stop: func() error {
		cancel()
		err := cmd.Wait()
		if err == nil || errors.Is(err, context.Canceled) || asked(err) {
			return nil
		}
		return fmt.Errorf("%s: %w: %s", c.Path, err, &stderr)
	}}, nil
}

// asked tells whether a process ended by the signal that asks it to.
func asked(err error) bool {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return false
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGTERM
}

// Stop ends the child and tells what it said if it did not end well.
func (c *Child) Stop() error { return c.stop() }
