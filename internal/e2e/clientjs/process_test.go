package clientjs

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/configs"
	"parley/internal/app"
)

// What tells the test binary to be a node of a service instead: its database and
// its Redis.
const (
	storeDSN = "PARLEY_CLIENTJS_STORE_DSN"
	redisURL = "PARLEY_CLIENTJS_REDIS_URL"
)

// beNode serves until it is killed. It prints its address, and what goes wrong.
func beNode() int {
	cfg := configs.Default()
	cfg.HTTP.Addr, cfg.Admin.Addr = "127.0.0.1:0", "127.0.0.1:0"
	cfg.Store.DSN, cfg.Cluster.RedisURL = os.Getenv(storeDSN), os.Getenv(redisURL)
	cfg.Auth.Argon2 = configs.Argon2{MemoryKiB: 64, Time: 1, Threads: 1}
	cfg.Edge.Shards = 1
	ctx := context.Background()
	a, err := app.New(ctx, cfg, slog.New(slog.NewTextHandler(os.Stderr, nil)))
	if err == nil {
		err = a.Start(ctx)
	}
	if err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println(a.Addr())
	select {}
}

// process is a node of its own process.
type process struct {
	addr string
	cmd  *exec.Cmd
}

func startProcess(t *testing.T, dsn, redis string) *process {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	p := &process{cmd: exec.Command(self)}
	p.cmd.Env = append(os.Environ(), storeDSN+"="+dsn, redisURL+"="+redis)
	p.cmd.Stderr = t.Output()
	out, err := p.cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, p.cmd.Start())
	t.Cleanup(p.kill)
	lines := bufio.NewScanner(out)
	require.True(t, lines.Scan(), "the node says nothing")
	p.addr = lines.Text()
	require.Regexp(t, `^127\.0\.0\.1:\d+$`, p.addr)
	return p
}

// kill ends it as a fault of its machine would. It may have ended.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}
