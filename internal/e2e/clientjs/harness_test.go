package clientjs

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley/internal/nodetest"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if os.Getenv(storeDSN) != "" {
		os.Exit(beNode())
	}
	goleak.VerifyTestMain(m)
}

// patience bounds every wait: far longer than anything takes, even under the race
// detector on a busy machine.
const patience = 60 * time.Second

// town is a room of ann's that bob is in.
type town struct {
	room     string
	ann, bob string // tokens
}

func newTown(t *testing.T, addr string) town {
	t.Helper()
	ann, bob, r := nodetest.Town(t, nodetest.Server(addr))
	return town{room: strconv.FormatInt(r.ID, 10), ann: ann.Token, bob: bob.Token}
}

// run runs a script of testdata with the library. Each line that it prints is a
// wish, which is heard once; what it prints beyond those is why it failed.
func run(t *testing.T, script string, wishes map[string]func(), args ...string) {
	t.Helper()
	path, err := exec.LookPath("node")
	require.NoError(t, err, "Node.js is needed; on Debian and Ubuntu: apt-get install --no-install-recommends nodejs")
	cmd := exec.CommandContext(within(t), path, append([]string{
		"--no-warnings", "--experimental-websocket", filepath.Join("testdata", script),
	}, args...)...)
	out, in := io.Pipe()
	cmd.Stdout, cmd.Stderr = in, in
	require.NoError(t, cmd.Start())
	ended := make(chan error, 1)
	go func() {
		ended <- cmd.Wait()
		_ = in.Close()
	}()
	var said []string
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if wish := wishes[lines.Text()]; wish != nil {
			delete(wishes, lines.Text())
			wish()
			continue
		}
		said = append(said, lines.Text())
	}
	require.NoError(t, <-ended, "%s", strings.Join(said, "\n"))
	require.Empty(t, said)
	require.Empty(t, wishes, "what the script never asked for")
}

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}
