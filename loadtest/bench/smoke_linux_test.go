package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/loadtest/bench/report"
)

// buildServer makes the server.
func buildServer(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "parley")
	built, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "parley/cmd/parley").CombinedOutput()
	require.NoError(t, err, "%s", built)
	return binary
}

// small is as little as can be measured.
func small(t *testing.T, binary string) options {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	folder := t.TempDir()
	o, err := parseOptions([]string{
		"-parley", binary, "-data", filepath.Join(folder, "data"), "-json", filepath.Join(folder, "report.json"), "-runs", "1",
		"-duration", "30ms", "-sockets", "20", "-crowd", "20", "-tls-sockets", "10", "-rooms", "2,20", "-outstanding", "50",
		"-stored", "8", "-pace", "1000", "-idle", "50ms", "-settle", "0s", "-all",
	}, &bytes.Buffer{})
	require.NoError(t, err)
	o.self = self
	require.NoError(t, os.Mkdir(o.data, 0o700))
	return o
}

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// readReport checks what holds of every report.
func readReport(t *testing.T, o options) report.Report {
	t.Helper()
	var r report.Report
	b, err := os.ReadFile(o.json)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(b, &r))
	require.Empty(t, r.Failures)
	require.Positive(t, r.Machine.SyncMS)
	left, err := os.ReadDir(o.data)
	require.NoError(t, err)
	require.Empty(t, left, "the server's data is removed")
	return r
}

// figures are the rows and subjects of which there is at least one.
func figures(r report.Report) map[string][]string {
	got := map[string][]string{}
	for _, f := range r.Figures {
		key := f.Subject + ": " + f.Row
		got[key] = append(got[key], f.Name)
	}
	return got
}

// TestSmoke measures every row for a moment.
func TestSmoke(t *testing.T) {
	binary := buildServer(t)

	t.Run("every row", func(t *testing.T) {
		o := small(t, binary)
		o.profile = ""
		var out bytes.Buffer
		require.NoError(t, run(within(t), o, &out, io.Discard), &out)
		got := figures(readReport(t, o))
		for _, name := range rowNames() {
			require.NotEmpty(t, got["parley: "+name], name)
			require.Contains(t, out.String(), "\n"+name+": ")
		}
		for _, name := range []string{rowMemory, rowJoins, rowStorm, rowSaturated, rowPaced, rowSignals, rowFairness} {
			require.NotEmpty(t, got["floor: "+name], name)
		}
		require.Contains(t, got["parley: "+rowPaced], "p99, times the floor's")
		require.Contains(t, got["floor, a send each: "+rowSaturated], "rooms of 20, CPU a delivery")
		require.Contains(t, got["parley: "+rowSessions], "suspended, 20 frames kept, RSS at rest")
		require.Contains(t, got["parley: "+rowSessions], "the same, 10 subscriptions, RSS at rest")
		require.Contains(t, got["parley: "+rowNumbering], "CPU, times that without ack")
		require.Contains(t, got["parley: "+rowResume], "frames lost")
	})

	t.Run("growth", func(t *testing.T) {
		o := small(t, binary)
		o.grow = true
		require.NoError(t, run(within(t), o, io.Discard, io.Discard))
		got := figures(readReport(t, o))
		require.Contains(t, got["parley: cores"], "2 cores, CPU a delivery")
		require.Contains(t, got["parley: rooms"], "0 rooms at rest, CPU a delivery")
	})

	t.Run("against another version", func(t *testing.T) {
		o := small(t, binary)
		o.base, o.runs, o.only, o.profile = binary, 2, []string{rowPaced}, filepath.Join(t.TempDir(), "profiles")
		var out bytes.Buffer
		require.NoError(t, run(within(t), o, &out, io.Discard), &out)
		require.Regexp(t, `base +parley +change`, out.String())
		for _, f := range readReport(t, o).Figures {
			require.Len(t, f.Runs, 2, f.Name)
		}
		for _, name := range []string{"paced.pprof", "paced-base.pprof"} {
			require.FileExists(t, filepath.Join(o.profile, name))
		}
	})

	t.Run("what one row fails at", func(t *testing.T) {
		o := small(t, binary)
		o.only, o.deflate = []string{rowDeflate, rowJoins}, "PARLEY_EDGE_SHARDS=many"
		var out bytes.Buffer
		require.ErrorIs(t, run(within(t), o, &out, io.Discard), errIncomplete)
		require.Regexp(t, `(?s)Not measured: deflate, parley: .*edge\.shards`, out.String())
		require.Contains(t, out.String(), "joins/s", "the others are measured")
	})

	t.Run("interrupted", func(t *testing.T) {
		o := small(t, binary)
		o.idle, o.only = time.Hour, []string{rowIdle}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		require.ErrorIs(t, run(ctx, o, io.Discard, io.Discard), context.DeadlineExceeded)
		left, err := os.ReadDir(o.data)
		require.NoError(t, err)
		require.Empty(t, left, "the server's data is removed")
	})
}
