package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/configs"
)

// fakeNode is a node whose end the test decides.
type fakeNode struct {
	addr, admin string
	dead        chan error
	up          func() // called once it is supervised
	stop        func(context.Context) error
	reloads     int
}

func (n *fakeNode) Stop(ctx context.Context) error { return n.stop(ctx) }
func (n *fakeNode) Addr() string                   { return n.addr }
func (n *fakeNode) AdminAddr() string              { return n.admin }
func (n *fakeNode) Reload()                        { n.reloads++ }

func (n *fakeNode) Failed() <-chan error {
	n.up()
	return n.dead
}

func newFakeNode() *fakeNode {
	return &fakeNode{
		addr:  "[::]:8080",
		admin: "127.0.0.1:9090",
		dead:  make(chan error, 1),
		up:    func() {},
		stop:  func(context.Context) error { return nil },
	}
}

// told returns the channel of a process that has been signalled n times.
func told(n int) chan os.Signal {
	signals := make(chan os.Signal, 2)
	for range n {
		signals <- syscall.SIGTERM
	}
	return signals
}

func TestServeGreetsAndStopsOnASignal(t *testing.T) {
	var cfg configs.Config
	var grace time.Duration
	n := newFakeNode()
	signals := told(0)
	n.stop = func(ctx context.Context) error {
		deadline, _ := ctx.Deadline()
		grace = time.Until(deadline)
		return nil
	}
	n.up = func() { signals <- syscall.SIGTERM }
	p := process{signals: signals, launch: launching(n, &cfg)}
	got := command(t, p, "serve", "--http-addr", ":1234", "--admin-addr", "", "--log-level", "debug", "--set", "http.addr=:9", "--set", "shutdown.grace=7s")
	require.Equal(t, exitOK, got.code, got.stderr)
	require.Equal(t, ":1234", cfg.HTTP.Addr, "a flag of its own is stronger than --set")
	require.Empty(t, cfg.Admin.Addr)
	require.InDelta(t, 7, grace.Seconds(), 1)
	require.Contains(t, got.stderr, "stopping")
}

func TestHangupReloadsAndDoesNotStop(t *testing.T) {
	var cfg configs.Config
	n := newFakeNode()
	signals, hangups := told(0), make(chan os.Signal)
	go func() {
		for range 3 {
			hangups <- syscall.SIGHUP
		}
		signals <- syscall.SIGTERM
	}()
	got := command(t, process{signals: signals, hangups: hangups, launch: launching(n, &cfg)}, "serve")
	require.Equal(t, exitOK, got.code, got.stderr)
	require.Equal(t, 3, n.reloads)
}

func TestGreeting(t *testing.T) {
	var cfg configs.Config
	n := newFakeNode()
	n.dead <- errors.New("listener died")
	p := process{launch: launching(n, &cfg), environ: []string{"PARLEY_TYPO=1"}}

	got := command(t, p, "serve")
	require.Equal(t, `Parley is ready at http://localhost:8080
Open http://localhost:8080/ in a browser to chat and to call.
Metrics and health: http://127.0.0.1:9090
Sign up to get a token:
  curl http://localhost:8080/api/auth/register/ -H 'Content-Type: application/json' \
    -d '{"username":"ann","email":"ann@example.com","password":"correct horse"}'
`, got.stdout)
	require.Equal(t, exitFailed, got.code)
	require.Contains(t, got.stderr, "listener died")
	require.Contains(t, got.stderr, "PARLEY_TYPO", "a warning is logged")

	n.dead <- errors.New("listener died")
	got = command(t, p, "serve", "--log-format", "json")
	require.Empty(t, got.stdout, "logs for machines come alone")
	require.Contains(t, got.stderr, `{"time":`)

	n.dead <- errors.New("listener died")
	n.admin = ""
	got = command(t, p, "serve", "--set", "http.tls.cert=c", "--set", "http.tls.key=k", "--set", "http.page=false")
	require.Contains(t, got.stdout, "https://localhost:8080/api")
	require.NotContains(t, got.stdout, "browser")
	require.NotContains(t, got.stdout, "Metrics")
}

func TestReachable(t *testing.T) {
	for addr, want := range map[string]string{
		":80": "localhost:80", "0.0.0.0:80": "localhost:80", "[::]:80": "localhost:80",
		"10.0.0.1:80": "10.0.0.1:80", "[::1]:80": "[::1]:80", "host:80": "host:80", "odd": "odd",
	} {
		require.Equal(t, want, reachable(addr), addr)
	}
}

func TestServeThatCannotStartExitsWith1(t *testing.T) {
	p := process{launch: func(context.Context, configs.Config, *slog.Logger) (node, error) {
		return nil, errors.New("address in use")
	}}
	got := command(t, p, "serve")
	require.Equal(t, result{exitFailed, "", "parley: start: address in use\n"}, got)
}

func TestServeThatDoesNotStopInTimeExitsWith1(t *testing.T) {
	var cfg configs.Config
	n := newFakeNode()
	n.stop = func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	}
	signals := told(0)
	n.up = func() { signals <- syscall.SIGTERM }
	got := command(t, process{signals: signals, launch: launching(n, &cfg)}, "serve", "--set", "shutdown.grace=1ms")
	require.Equal(t, exitFailed, got.code, got.stderr)
	require.Contains(t, got.stderr, "stop: context deadline exceeded")
}

func TestSecondSignalStopsAtOnce(t *testing.T) {
	signals := told(0)
	n := newFakeNode()
	n.up = func() { signals <- syscall.SIGINT }
	release := make(chan struct{})
	n.stop = func(context.Context) error {
		signals <- syscall.SIGTERM
		<-release
		return nil
	}
	var cfg configs.Config
	p := process{signals: signals, launch: launching(n, &cfg)}
	got := command(t, p, "serve")
	close(release)
	require.Equal(t, exitFailed, got.code)
	require.Contains(t, got.stderr, "second signal")
}

func TestSignalsWhileStarting(t *testing.T) {
	wait := func(ctx context.Context, _ configs.Config, _ *slog.Logger) (node, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	got := command(t, process{signals: told(1), launch: wait}, "serve")
	require.Equal(t, exitOK, got.code, "a start that is called off is no failure: %s", got.stderr)

	release := make(chan struct{})
	stuck := func(context.Context, configs.Config, *slog.Logger) (node, error) {
		<-release
		return nil, errors.New("too late")
	}
	got = command(t, process{signals: told(2), launch: stuck}, "serve")
	close(release)
	require.Equal(t, exitFailed, got.code)
	require.Contains(t, got.stderr, "second signal")

	stopped := make(chan struct{})
	n := newFakeNode()
	n.stop = func(context.Context) error { close(stopped); return nil }
	late := func(ctx context.Context, _ configs.Config, _ *slog.Logger) (node, error) {
		<-ctx.Done()
		return n, nil
	}
	got = command(t, process{signals: told(1), launch: late}, "serve")
	require.Equal(t, exitOK, got.code, got.stderr)
	<-stopped
}
