package cluster

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
)

// startPatience bounds how long a node may take to start, or to stop when it is
// asked to.
const startPatience = 60 * time.Second

// node is a node of its own process, that can be started again.
type node struct {
	client.Server
	id, binary, dir string
	admin           string
	env             []string

	exited chan struct{} // closed when the process has ended
	run    *os.Process   // nil: it does not run

	mu    sync.Mutex
	since time.Time // guarded by mu: when it began to be asked to work; zero: it is not
}

// build makes the command, watched for races.
func build(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "parley")
	ctx, cancel := context.WithTimeout(t.Context(), 10*startPatience) // on a machine that has built nothing yet
	defer cancel()
	out, err := exec.CommandContext(ctx, "go", "build", "-race", "-o", binary, "parley/cmd/parley").CombinedOutput()
	require.NoError(t, err, "%s", out)
	return binary
}

// newNode sets a node up that is not started yet. It is killed, if it runs, when the
// test ends, and its last words are shown if the test failed.
func newNode(t *testing.T, binary, id string, env ...string) *node {
	t.Helper()
	public, admin := freeAddress(t), freeAddress(t)
	n := &node{id: id, binary: binary, dir: t.TempDir(), admin: "http://" + admin}
	n.Base = "http://" + public
	n.env = []string{
		"PARLEY_HTTP_ADDR=" + public, "PARLEY_ADMIN_ADDR=" + admin, "PARLEY_NODE_ID=" + id,
		"PARLEY_AUTH_ARGON2_MEMORY_KIB=64", "PARLEY_AUTH_ARGON2_TIME=1", "PARLEY_LIMITS_ENABLED=false",
		"PARLEY_EDGE_SHARDS=2", "PARLEY_LOG_FORMAT=text", "GORACE=halt_on_error=1 atexit_sleep_ms=0",
	}
	n.env = append(n.env, env...)
	t.Cleanup(func() {
		n.kill()
		said := n.said()
		if t.Failed() {
			t.Logf("the last that %s said:\n%s", n.id, tail(said, 2<<10))
		}
		require.NotContains(t, said, "DATA RACE", "%s: %s", n.id, said[max(0, strings.Index(said, "WARNING: DATA RACE")):])
	})
	return n
}

// freeAddress is one below those that the kernel hands out to clients, so that it is
// still free when a node is started again.
func freeAddress(t *testing.T) string {
	t.Helper()
	for range 100 {
		address := fmt.Sprintf("127.0.0.1:%d", 12000+rand.IntN(20000))
		l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", address)
		if err == nil {
			require.NoError(t, l.Close())
			return address
		}
	}
	require.Fail(t, "no free port")
	return ""
}

// start starts the process and waits until it serves.
func (n *node) start() error {
	output, err := os.OpenFile(n.outputPath(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = output.Close() }()
	cmd := exec.CommandContext(context.Background(), n.binary, "serve")
	cmd.Dir, cmd.Env, cmd.Stderr = n.dir, n.env, output
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	n.exited = make(chan struct{})
	started, ready := make(chan error), make(chan struct{})
	go func() { // on a thread that lives as long: the child dies with its parent's thread
		defer close(n.exited)
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err != nil {
			return
		}
		for lines := bufio.NewScanner(stdout); lines.Scan(); {
			if strings.HasPrefix(lines.Text(), "Metrics and health: ") {
				close(ready)
			}
		}
		_ = cmd.Wait() // how it ended is seen in ProcessState
	}()
	if err := <-started; err != nil {
		return err
	}
	n.run = cmd.Process
	select {
	case <-ready:
		n.work(true)
		return nil
	case <-n.exited:
		n.run = nil
		return fmt.Errorf("%s does not start: %s", n.id, tail(n.said(), 4<<10))
	case <-time.After(startPatience):
		return fmt.Errorf("%s does not say that it is ready: %s", n.id, tail(n.said(), 4<<10))
	}
}

// work says whether the node is asked to work from now on.
func (n *node) work(yes bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.since = time.Time{}
	if yes {
		n.since = time.Now()
	}
}

// working is since when the node is asked to work; zero: it is not.
func (n *node) working() time.Time {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.since
}

// kill ends the process without warning.
func (n *node) kill() {
	if n.run == nil {
		return
	}
	n.work(false)
	_ = n.run.Kill() // it may have ended
	<-n.exited
	n.run = nil
}

// terminate has it end in good order.
func (n *node) terminate() error {
	n.work(false)
	if err := n.run.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("%s has ended by itself: %w", n.id, err)
	}
	select {
	case <-n.exited:
		n.run = nil
		return nil
	case <-time.After(startPatience):
		return fmt.Errorf("%s does not end", n.id)
	}
}

func (n *node) pause() {
	n.work(false)
	_ = n.run.Signal(syscall.SIGSTOP)
}

func (n *node) resume() {
	_ = n.run.Signal(syscall.SIGCONT)
	n.work(true)
}

// dead tells whether a process that nobody ended is over.
func (n *node) dead() bool {
	if n.run == nil {
		return false
	}
	select {
	case <-n.exited:
		return true
	default:
		return false
	}
}

func (n *node) outputPath() string { return filepath.Join(n.dir, "said") }

func (n *node) said() string {
	b, err := os.ReadFile(n.outputPath())
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func tail(s string, n int) string { return s[max(0, len(s)-n):] }
