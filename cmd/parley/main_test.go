package main

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"parley/configs"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// result is what a command left behind.
type result struct {
	code           int
	stdout, stderr string
}

// command runs a command line with a launch and a migrate of the test's own.
func command(t *testing.T, p process, args ...string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	p.args, p.stdout, p.stderr = args, &stdout, &stderr
	code := run(t.Context(), p)
	return result{code, stdout.String(), stderr.String()}
}

// launching gives n to whoever launches, and keeps the configuration it was
// launched with.
func launching(n *fakeNode, cfg *configs.Config) func(context.Context, configs.Config, *slog.Logger) (node, error) {
	return func(_ context.Context, given configs.Config, _ *slog.Logger) (node, error) {
		*cfg = given
		return n, nil
	}
}

// compile builds the command as a release would, and returns the binary.
func compile(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "parley")
	stamps := "-X parley/internal/build.version=v9.8.7 -X parley/internal/build.commit=c0ffee -X parley/internal/build.built=2026-01-02T03:04:05Z"
	output, err := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-ldflags", stamps, "-o", binary, ".").CombinedOutput()
	require.NoError(t, err, "%s", output)
	return binary
}

// execute runs a binary with an environment of its own.
func execute(t *testing.T, binary string, environ []string, args ...string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), binary, args...)
	cmd.Stdout, cmd.Stderr, cmd.Dir = &stdout, &stderr, t.TempDir()
	cmd.Env = append([]string{"HOME=" + os.Getenv("HOME")}, environ...)
	if err := cmd.Run(); err != nil {
		var exit *exec.ExitError
		require.ErrorAs(t, err, &exit)
	}
	return result{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}
