package main

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/configs"
)

func TestBuiltBinary(t *testing.T) {
	binary := compile(t)

	t.Run("version", func(t *testing.T) {
		got := execute(t, binary, nil, "version")
		require.Equal(t, exitOK, got.code, got.stderr)
		require.Regexp(t, `^parley v9\.8\.7 commit c0ffee built 2026-01-02T03:04:05Z go1\.\S+ \w+/\w+\n$`, got.stdout)
	})

	t.Run("every configuration error is one line that names its key", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "parley.yaml")
		require.NoError(t, os.WriteFile(path, []byte("http: {adr: ':1'}\nedge: {shards: -1}\n"), 0o600))
		for _, args := range [][]string{{"serve"}, {"migrate"}, {"config", "check"}, {"config", "print"}, {"health"}} {
			args = append(args, "--config", path, "--set", "log.level=loud")
			got := execute(t, binary, []string{"PARLEY_SHUTDOWN_GRACE=soon", "PARLEY_TYPO=1"}, args...)
			require.Equal(t, exitUsage, got.code, "%v", args)
			require.Empty(t, got.stdout, "%v", args)
			require.Equal(t, "warning: PARLEY_TYPO in the environment is no setting of Parley's and is ignored\n"+
				"http.adr: unknown key, http takes addr, allowed_origins, idle_timeout, page, read_header_timeout, tls (from "+path+")\n"+
				"shutdown.grace: want a duration such as 25s, 500ms or 2m, got \"soon\" (from PARLEY_SHUTDOWN_GRACE)\n"+
				"edge.shards: want a whole number from 0 to 1024, got -1 (from "+path+")\n"+
				"log.level: want one of debug, info, warn, error, got \"loud\" (from the command line)\n", got.stderr, "%v", args)
		}
	})

	t.Run("config print", func(t *testing.T) {
		environ := []string{"PARLEY_STORE_DSN=postgres://ann:hunter2@db/parley", "PARLEY_HTTP_ADDR=:1234"}
		got := execute(t, binary, environ, "config", "print")
		require.Equal(t, exitOK, got.code, got.stderr)
		require.NotContains(t, got.stdout, "hunter2")
		path := filepath.Join(t.TempDir(), "printed.yaml")
		require.NoError(t, os.WriteFile(path, []byte(got.stdout), 0o600))
		cfg, _, err := configs.Load(path, nil, nil)
		require.NoError(t, err, "what is printed can be loaded")
		require.Equal(t, ":1234", cfg.HTTP.Addr)
	})

	t.Run("serve until SIGTERM", func(t *testing.T) {
		cmd := exec.CommandContext(t.Context(), binary, "serve", "--http-addr", "127.0.0.1:0", "--admin-addr", "127.0.0.1:0")
		cmd.Dir = t.TempDir()
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		stdout, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())

		greeting := bufio.NewScanner(stdout)
		var admin string
		for greeting.Scan() && !strings.Contains(greeting.Text(), "-d '{") { // its last line
			if _, url, ok := strings.Cut(greeting.Text(), "health: http://"); ok {
				admin = url
			}
		}
		require.NotEmpty(t, admin, "no greeting, but %s", &stderr)
		got := execute(t, binary, nil, "health", "--ready", "--admin-addr", admin)
		require.Equal(t, exitOK, got.code, got.stderr)

		require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
		require.NoError(t, cmd.Wait(), "exit code 0, but %s", &stderr)
		require.FileExists(t, filepath.Join(cmd.Dir, "data", "parley.db"))
	})

	t.Run("config check", func(t *testing.T) {
		got := execute(t, binary, nil, "config", "check")
		require.Equal(t, result{exitOK, "configuration ok\n", ""}, got)
	})
}
