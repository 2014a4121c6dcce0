package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// server is the process that is measured.
type server struct {
	addr  netip.AddrPort
	admin *admin        // nil: not known
	proc  process       // 0: not known
	sync  time.Duration // of the disk with its data; 0: not known
	stop  func() error
}

// stopPatience is how long a server may take to end before it is killed.
const stopPatience = 15 * time.Second

// find is the server that runs already.
func find(o options, hc *http.Client) (*server, error) {
	addr, err := netip.ParseAddrPort(o.addr)
	if err != nil {
		return nil, fmt.Errorf("-addr: %w", err)
	}
	s := &server{addr: addr, proc: process(o.pid), stop: func() error { return nil }}
	if o.admin != "" {
		s.admin = &admin{base: "http://" + o.admin, http: hc}
	}
	return s, nil
}

// start runs a server of our own, with limits off, on free ports and new data.
// It ends with the calling thread at the latest.
func start(ctx context.Context, o options, hc *http.Client, oneCPU bool) (*server, error) {
	folder, err := os.MkdirTemp(o.data, "parley-bench-*")
	if err != nil {
		return nil, fmt.Errorf("server's data: %w", err)
	}
	synced, err := syncTime(folder)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	ctx, cancel := context.WithCancel(ctx)
	var stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, o.binary, "serve") //nolint:gosec // G204: it is what the one who measures wants to run
	cmd.Env = environment(folder, oneCPU)
	cmd.Stderr = &stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = stopPatience
	stdout, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		cancel()
		return nil, errors.Join(fmt.Errorf("start the server: %w", err), os.RemoveAll(folder))
	}
	s := &server{proc: process(cmd.Process.Pid), sync: synced}
	s.stop = func() error {
		cancel()
		err := cmd.Wait()
		if errors.Is(err, context.Canceled) {
			err = nil
		}
		if err != nil {
			err = fmt.Errorf("server: %w: %s", err, &stderr)
		}
		return errors.Join(err, os.RemoveAll(folder))
	}
	public, private, err := readGreeting(stdout)
	if err != nil {
		return nil, errors.Join(err, s.stop())
	}
	s.addr, s.admin = public, &admin{base: "http://" + private, http: hc}
	return s, nil
}

// environment configures the server: no limits, and passwords that cost nothing.
func environment(folder string, oneCPU bool) []string {
	env := []string{
		"PARLEY_HTTP_ADDR=127.0.0.1:0",
		"PARLEY_ADMIN_ADDR=127.0.0.1:0",
		"PARLEY_STORE_DSN=sqlite:" + filepath.Join(folder, "parley.db"),
		"PARLEY_LIMITS_ENABLED=false",
		"PARLEY_AUTH_ARGON2_MEMORY_KIB=8",
		"PARLEY_AUTH_ARGON2_TIME=1",
		"PARLEY_LOG_LEVEL=warn",
		"PARLEY_LOG_FORMAT=text",
		"TMPDIR=" + folder,
	}
	if oneCPU {
		env = append(env, "GOMAXPROCS=1")
	}
	return env
}

// readGreeting finds the addresses of a server that has started.
func readGreeting(stdout io.Reader) (public netip.AddrPort, private string, err error) {
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		what, address, _ := strings.Cut(lines.Text(), "http://")
		switch {
		case strings.HasPrefix(what, "Parley is ready"):
			if public, err = netip.ParseAddrPort(address); err != nil {
				return public, "", fmt.Errorf("server's address: %w", err)
			}
		case strings.HasPrefix(what, "Metrics"):
			return public, address, nil
		}
	}
	return public, "", errors.New("the server did not start")
}
