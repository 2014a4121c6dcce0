package clientjs

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"parley/configs"
	"parley/internal/app"
	"parley/loadtest/client"
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

// node is a node that can be restarted at its address.
type node struct {
	cfg configs.Config
	app *app.App
}

func startNode(t *testing.T, change func(*configs.Config)) *node {
	t.Helper()
	cfg := configs.Default()
	cfg.HTTP.Addr, cfg.Admin.Addr = "127.0.0.1:0", "127.0.0.1:0"
	cfg.Store.DSN = "sqlite:" + filepath.Join(t.TempDir(), "parley.db")
	cfg.Auth.Argon2 = configs.Argon2{MemoryKiB: 64, Time: 1, Threads: 1}
	cfg.Edge.Shards = 1
	change(&cfg)
	n := &node{cfg: cfg}
	n.start(t)
	t.Cleanup(func() { n.stop(t) })
	n.cfg.HTTP.Addr = n.app.Addr() // from now on
	return n
}

func (n *node) start(t *testing.T) {
	t.Helper()
	a, err := app.New(t.Context(), n.cfg, slog.New(slog.NewTextHandler(t.Output(), nil)))
	require.NoError(t, err)
	require.NoError(t, a.Start(t.Context()))
	n.app = a
}

func (n *node) stop(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	require.NoError(t, n.app.Stop(ctx))
}

// town is a room of ann's that bob is in.
type town struct {
	room     string
	ann, bob string // tokens
}

func newTown(t *testing.T, addr string) town {
	t.Helper()
	ctx := within(t)
	s := client.Server{
		Base: "http://" + addr,
		HTTP: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}},
	}
	ann, err := s.Register(ctx, "ann", "correct horse")
	require.NoError(t, err)
	bob, err := s.Register(ctx, "bob", "correct horse")
	require.NoError(t, err)
	r, err := ann.CreateRoom(ctx, "Tea")
	require.NoError(t, err)
	require.NoError(t, bob.JoinRoom(ctx, r.ID))
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
