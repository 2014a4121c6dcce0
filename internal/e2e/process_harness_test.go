package e2e

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/output"
	"parley/loadtest/client"
)

// buildBinary builds the command as the tests themselves are built.
func buildBinary(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "parley")
	args := append([]string{"build"}, buildFlags()...)
	ctx, cancel := context.WithTimeout(t.Context(), 10*patience) // on a machine that has built nothing yet
	defer cancel()
	out, err := exec.CommandContext(ctx, "go", append(args, "-o", binary, "parley/cmd/parley")...).CombinedOutput()
	require.NoError(t, err, "%s", out)
	return binary
}

// process is a node of its own process.
type process struct {
	client.Server
	admin string

	cmd    *exec.Cmd
	stderr *output.Buffer
	ready  chan struct{} // closed when both addresses are known
	exited chan struct{} // closed when the process has ended
}

// launch starts `parley serve` on free ports with its data in dir. The process
// is killed, if it still runs, when the test ends.
func launch(t *testing.T, binary, dir string, env ...string) *process {
	t.Helper()
	p := &process{
		cmd: exec.Command(binary, "serve"), stderr: &output.Buffer{},
		ready: make(chan struct{}), exited: make(chan struct{}),
	}
	p.cmd.Dir = dir
	p.cmd.Env = append([]string{
		"PARLEY_HTTP_ADDR=127.0.0.1:0", "PARLEY_ADMIN_ADDR=127.0.0.1:0",
		"PARLEY_AUTH_ARGON2_MEMORY_KIB=64", "PARLEY_AUTH_ARGON2_TIME=1",
		"GORACE=halt_on_error=1 atexit_sleep_ms=0",
	}, env...)
	p.cmd.Stderr = p.stderr
	stdout, err := p.cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, p.cmd.Start())
	go p.follow(stdout)
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill() // it may have ended
		<-p.exited
		require.NotContains(t, p.stderr.String(), "DATA RACE")
		if t.Failed() {
			t.Logf("standard error of %d:\n%s", p.cmd.Process.Pid, p.stderr)
		}
	})
	return p
}

// follow reads the greeting, which names the addresses, and the rest to the end.
func (p *process) follow(stdout io.Reader) {
	defer close(p.exited)
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if base, ok := strings.CutPrefix(lines.Text(), "Parley is ready at "); ok {
			p.Base = base
		}
		if admin, ok := strings.CutPrefix(lines.Text(), "Metrics and health: "); ok {
			p.admin = admin
			close(p.ready)
		}
	}
	_ = p.cmd.Wait() // the exit code is in ProcessState
}

// serving starts a node and waits until it can be reached.
func serving(t *testing.T, binary, dir string, env ...string) *process {
	t.Helper()
	p := launch(t, binary, dir, env...)
	select {
	case <-p.ready:
	case <-p.exited:
		require.Failf(t, "the node does not start", "%s", p.stderr)
	case <-within(t).Done():
		require.Failf(t, "the node does not say that it is ready", "%s", p.stderr)
	}
	return p
}

func (p *process) signal(t *testing.T, s os.Signal) {
	t.Helper()
	require.NoError(t, p.cmd.Process.Signal(s))
}

// exitCode waits for the process to end; -1 is an end by a signal.
func (p *process) exitCode(t *testing.T) int {
	t.Helper()
	select {
	case <-p.exited:
	case <-within(t).Done():
		require.Failf(t, "the process does not end", "%s", p.stderr)
	}
	return p.cmd.ProcessState.ExitCode()
}

// terminate has the node stop in good order.
func (p *process) terminate(t *testing.T) {
	t.Helper()
	p.signal(t, syscall.SIGTERM)
	require.Zero(t, p.exitCode(t), "%s", p.stderr)
}

// deaf opens a call socket that never answers anything, a close frame included.
func deaf(t *testing.T, u *client.User, roomID int64) {
	t.Helper()
	address := strings.TrimPrefix(u.Base, "http://")
	conn, err := net.DialTimeout("tcp", address, patience)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
	_, err = fmt.Fprintf(conn, "GET /ws/call/%d/ HTTP/1.1\r\nHost: %s\r\nAuthorization: Token %s\r\n"+
		"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"+
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", roomID, address, u.Token)
	require.NoError(t, err)
	status, err := bufio.NewReader(conn).ReadString('\n')
	require.NoError(t, err)
	require.Contains(t, status, "101")
}
