package servers

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
)

// How long a server may take, on a machine that does much else.
const (
	startPatience = 60 * time.Second
	stopPatience  = 20 * time.Second // then it is killed
	pollEvery     = 10 * time.Millisecond
)

// command says how a server is run.
type command struct {
	path string
	args []string
	dir  string // its data and its output; removed with the test
	// ready tells whether it serves; it is asked again and again until it does.
	ready func(context.Context) error
	// stop is the signal that asks it to end.
	stop syscall.Signal
	// user runs it under another user; nil: the test's.
	user *syscall.Credential
}

// Process is a server that runs, or has been stopped and can be started again.
type Process struct {
	tb      TB
	command command
	running *running // nil after Stop and Kill
	paused  bool
}

// running is one run of a command.
type running struct {
	process *os.Process
	ended   chan struct{} // closed when it has been waited for
	state   string        // how it ended; read after ended
}

// launch starts a server and waits until it is ready. The caller gives up the
// folder; what has begun is ended with the test.
func launch(tb TB, c command) (*Process, error) {
	p := &Process{tb: tb, command: c}
	if err := p.start(); err != nil {
		return nil, err
	}
	tb.Cleanup(p.end)
	return p, nil
}

// Start runs the server again after Stop or Kill, on the same port and with the
// same data, and waits until it is ready.
func (p *Process) Start() {
	p.tb.Helper()
	if p.running != nil {
		p.tb.Fatalf("servers: %s: started twice", p.command.path)
	}
	if err := p.start(); err != nil {
		p.tb.Fatalf("servers: %v", err)
	}
}

// Stop asks the server to end, and waits.
func (p *Process) Stop() {
	if p.running == nil {
		return
	}
	p.signal(syscall.SIGCONT) // a paused one would not hear it
	p.signal(p.command.stop)
	select {
	case <-p.running.ended:
		p.running = nil
	case <-time.After(stopPatience):
		p.Kill()
	}
}

// Kill ends the server at once (SIGKILL), and waits.
func (p *Process) Kill() {
	if p.running == nil {
		return
	}
	p.signal(syscall.SIGKILL)
	<-p.running.ended
	p.running = nil
}

// Pause stops the server's execution (SIGSTOP): its sockets stay and nobody
// answers.
func (p *Process) Pause() {
	p.signal(syscall.SIGSTOP)
	p.paused = true
}

// Resume continues after Pause.
func (p *Process) Resume() {
	p.signal(syscall.SIGCONT)
	p.paused = false
}

// answers tells whether there is somebody to ask.
func (p *Process) answers() bool { return p.running != nil && !p.paused }

// Pid is the process's id, 0 while it does not run.
func (p *Process) Pid() int {
	if p.running == nil {
		return 0
	}
	return p.running.process.Pid
}

// Output is what the server has written so far, over all its runs.
func (p *Process) Output() string {
	written, err := os.ReadFile(p.outputPath())
	if err != nil {
		return err.Error()
	}
	return string(written)
}

func (p *Process) outputPath() string { return filepath.Join(p.command.dir, "output") }

func (p *Process) signal(s syscall.Signal) {
	if p.running != nil {
		_ = p.running.process.Signal(s) // it may have ended by itself
	}
}

// end is the test's cleanup: nothing of the server is needed any more.
func (p *Process) end() { p.Kill() }

func (p *Process) start() error {
	r, err := p.run()
	if err != nil {
		return fmt.Errorf("start %s: %w", p.command.path, err)
	}
	p.running, p.paused = r, false
	if err := p.await(r); err != nil {
		p.Kill()
		return fmt.Errorf("%s %q: %w; it wrote:\n%s", p.command.path, p.command.args, err, p.Output())
	}
	return nil
}

// await polls until the server is ready, has ended, or took too long.
func (p *Process) await(r *running) error {
	ctx, cancel := context.WithTimeout(context.Background(), startPatience)
	defer cancel()
	for {
		err := p.command.ready(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-r.ended:
			return fmt.Errorf("it ended: %s", r.state)
		case <-ctx.Done():
			return fmt.Errorf("not ready after %s: %w", startPatience, err)
		case <-time.After(pollEvery):
		}
	}
}

// run starts the process on a thread that lives as long as it does: Linux sends
// a parent's death signal when the thread ends that made the child.
func (p *Process) run() (*running, error) {
	output, err := os.OpenFile(p.outputPath(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(context.Background(), p.command.path, p.command.args...) //nolint:gosec // a server's name, and options of tests
	cmd.Dir, cmd.Stdout, cmd.Stderr = p.command.dir, output, output
	cmd.SysProcAttr = attributes(p.command.user)

	r, started := &running{ended: make(chan struct{})}, make(chan error)
	go func() {
		defer close(r.ended)
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		_ = output.Close() // the child has its own
		if err == nil {
			r.process = cmd.Process
		}
		started <- err
		if err != nil {
			return
		}
		_ = cmd.Wait()
		r.state = cmd.ProcessState.String()
	}()
	return r, <-started
}
