package main

import (
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReadGreeting(t *testing.T) {
	public, private, err := readGreeting(strings.NewReader(
		"Parley is ready at http://127.0.0.1:1234\nMetrics and health: http://127.0.0.1:5678\nSign up …\n"))
	require.NoError(t, err)
	require.Equal(t, netip.MustParseAddrPort("127.0.0.1:1234"), public)
	require.Equal(t, "127.0.0.1:5678", private)

	_, _, err = readGreeting(strings.NewReader("something else\n"))
	require.ErrorContains(t, err, "did not start")
	_, _, err = readGreeting(strings.NewReader("Parley is ready at http://nowhere\n"))
	require.ErrorContains(t, err, "address")
}

func TestAServerThatDoesNotStartTellsWhy(t *testing.T) {
	folder := t.TempDir()
	_, err := start(t.Context(), options{binary: "/nonexistent", data: folder}, http.DefaultClient, true)
	require.ErrorContains(t, err, "/nonexistent")
	broken := filepath.Join(t.TempDir(), "parley")
	require.NoError(t, os.WriteFile(broken, []byte("#!/bin/sh\necho no such key >&2\nexit 2\n"), 0o700))
	_, err = start(t.Context(), options{binary: broken, data: folder}, http.DefaultClient, true)
	require.ErrorContains(t, err, "did not start")
	require.ErrorContains(t, err, "no such key")
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Empty(t, left, "data is removed")
}

func TestEnvironment(t *testing.T) {
	require.Contains(t, environment("/d", true), "GOMAXPROCS=1")
	require.Contains(t, environment("/d", true), "PARLEY_LIMITS_ENABLED=false")
	require.Contains(t, environment("/d", true), "PARLEY_STORE_DSN=sqlite:/d/parley.db")
	require.NotContains(t, environment("/d", false), "GOMAXPROCS=1")
}

func TestFindWantsAnAddress(t *testing.T) {
	_, err := find(options{addr: "here"}, nil)
	require.ErrorContains(t, err, "-addr")
	s, err := find(options{addr: "127.0.0.1:1", admin: "127.0.0.1:2", pid: 3}, nil)
	require.NoError(t, err)
	require.Equal(t, process(3), s.proc)
	require.Equal(t, "http://127.0.0.1:2", s.admin.base)
	require.NoError(t, s.stop())
}

func TestPlacement(t *testing.T) {
	p, err := newPlacement(false)
	require.NoError(t, err)
	require.False(t, p.pinned())
	require.NoError(t, moveAll(p.client), "nowhere to move")

	p, err = newPlacement(true)
	require.NoError(t, err)
	if !p.pinned() {
		return // one processor
	}
	require.Equal(t, 1, p.server.Count())
	require.Equal(t, 1, p.client.Count())
	require.NotEqual(t, *p.server, *p.client)
}

func TestOwnUsageCanBeRead(t *testing.T) {
	self := process(os.Getpid())
	rss, err := self.rss()
	require.NoError(t, err)
	require.Greater(t, rss, int64(1<<20))
	own, err := self.cpu()
	require.NoError(t, err)
	all, err := machineCPU()
	require.NoError(t, err)
	require.GreaterOrEqual(t, all, own)
	_, err = process(-1).cpu()
	require.Error(t, err)
	_, err = process(-1).rss()
	require.Error(t, err)
}
