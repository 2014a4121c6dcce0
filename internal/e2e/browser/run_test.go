package browser

import (
	"bytes"
	"context"
	"crypto/rand"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// marker is set in the environment of a script and of all processes below it, to
// a word of that run's own.
const marker = "PARLEY_BROWSER_RUN"

// play runs a script on a stage and requires it to succeed in time.
func play(t *testing.T, s *stage, script string, limit time.Duration) {
	t.Helper()
	path, err := filepath.Abs(filepath.Join(scripts, script))
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	shots := screenshots(t)
	out, err := run(ctx, t, path, "PARLEY_STAGE="+s.environment(t, shots))
	t.Logf("%s\n%s", script, out)
	require.NoError(t, err, "%s failed, of at most %s; pictures and consoles of its pages are in %s", script, limit, shots)
}

// run runs a script under Node.js until it ends or ctx does, and then sees to it
// that nothing of it is left.
func run(ctx context.Context, t *testing.T, script string, env ...string) (string, error) {
	t.Helper()
	node, err := exec.LookPath("node")
	require.NoError(t, err, "Node.js is needed: make deps")
	require.FileExists(t, chromium(), "Chromium is needed: make deps")
	require.DirExists(t, root+"/web/node_modules/playwright-core", "the npm packages are needed: make deps")

	word := marker + "=" + rand.Text()
	var out bytes.Buffer
	cmd := exec.CommandContext(ctx, node, script)
	cmd.Env = append(append(os.Environ(), word, "TMPDIR="+t.TempDir()), env...)
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.SysProcAttr = attributes()
	cmd.WaitDelay = patience // Chromium may hold on to the output
	// Linux sends a parent's death signal when the thread ends that made the child.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err = cmd.Run()
	require.Eventually(t, func() bool { return sweep(word) == 0 }, patience, 10*time.Millisecond,
		"processes of %s cannot be ended", script)
	return out.String(), err
}
