package main

import (
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/loadtest/bench/floor"
	"parley/loadtest/bench/report"
)

func TestReadGreeting(t *testing.T) {
	public, private, err := readGreeting(strings.NewReader(
		"Parley is ready at https://127.0.0.1:1234\nMetrics and health: http://127.0.0.1:5678\nSign up …\n"), false)
	require.NoError(t, err)
	require.Equal(t, netip.MustParseAddrPort("127.0.0.1:1234"), public)
	require.Equal(t, "127.0.0.1:5678", private)

	public, private, err = readGreeting(strings.NewReader(greeting+" http://127.0.0.1:1234\n"), true)
	require.NoError(t, err, "the floor has no other address")
	require.Equal(t, netip.MustParseAddrPort("127.0.0.1:1234"), public)
	require.Empty(t, private)

	_, _, err = readGreeting(strings.NewReader("something else\n"), false)
	require.ErrorContains(t, err, "did not start")
	_, _, err = readGreeting(strings.NewReader("Parley is ready at http://nowhere\n"), false)
	require.ErrorContains(t, err, "address")
}

// newLab is a lab that measures nothing by itself.
func newLab(t *testing.T, o options) *lab {
	t.Helper()
	runtime.LockOSThread() // a server ends with this thread
	t.Cleanup(runtime.UnlockOSThread)
	l := &lab{o: o, http: &http.Client{Transport: &http.Transport{}}, report: &report.Report{}}
	t.Cleanup(l.http.CloseIdleConnections)
	return l
}

func TestAServerThatDoesNotStartTellsWhy(t *testing.T) {
	o := options{data: t.TempDir()}
	broken := filepath.Join(t.TempDir(), "parley")
	require.NoError(t, os.WriteFile(broken, []byte("#!/bin/sh\necho no such key >&2\nexit 2\n"), 0o700))
	for binary, want := range map[string]string{"/nonexistent": "/nonexistent", broken: "no such key"} {
		tr := &trial{lab: newLab(t, o), subject: subject{name: subjectNow, binary: binary}}
		require.ErrorContains(t, tr.memory(t.Context()), want)
	}
	left, err := os.ReadDir(o.data)
	require.NoError(t, err)
	require.Empty(t, left, "data is removed")
}

func TestEnvironment(t *testing.T) {
	one := settings{folder: "/d", env: []string{"X=1"}}
	require.Contains(t, one.environment(), "PARLEY_LIMITS_ENABLED=false")
	require.Contains(t, one.environment(), "PARLEY_STORE_DSN=sqlite:/d/parley.db")
	require.Contains(t, one.environment(), "PARLEY_EDGE_SHARDS=1")
	require.Contains(t, one.environment(), "X=1")
	require.NotContains(t, strings.Join(one.environment(), " "), "TLS")
	two := settings{folder: "/d", shards: 2, secure: true}
	require.Contains(t, two.environment(), "PARLEY_EDGE_SHARDS=2")
	require.Contains(t, two.environment(), "PARLEY_HTTP_TLS_CERT=/d/cert.pem")
}

func TestSubjectsTakeTurns(t *testing.T) {
	both := row{floors: []floor.Mode{floor.Coalesced, floor.Each}}
	names := func(o options, nth int) (names []string) {
		l := &lab{o: o}
		for _, s := range l.subjects(both, nth) {
			names = append(names, s.name)
		}
		return names
	}
	require.Equal(t, []string{"parley", "floor", "floor, a send each"}, names(options{floors: true}, 0))
	require.Equal(t, []string{"floor, a send each", "floor", "parley"}, names(options{floors: true}, 1))
	require.Equal(t, []string{"parley"}, names(options{}, 0))
	require.Equal(t, []string{"base", "parley"}, names(options{floors: true, base: "b"}, 0))
	require.Equal(t, []string{"parley", "base"}, names(options{floors: true, base: "b"}, 1))
}

func TestRowsAreThoseThatAreAskedFor(t *testing.T) {
	names := func(o options) (names []string) {
		for _, r := range chosen(o) {
			names = append(names, r.name)
			require.NotEmpty(t, r.about)
			require.NotNil(t, r.measure)
		}
		return names
	}
	require.Equal(t, rowNames(), names(options{}))
	require.Equal(t, []string{rowJoins, rowChat}, names(options{only: []string{rowChat, rowJoins}}))
	require.Equal(t, []string{"sockets", "rooms", "room size", "cores"}, names(options{grow: true}))
	require.Equal(t, []int{2, 5}, upTo(5, 2, 5, 10))
	require.Equal(t, []int{1}, upTo(1, 2, 5, 10))
}
