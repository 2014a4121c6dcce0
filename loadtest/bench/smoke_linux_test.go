package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// build makes the server.
func build(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "parley")
	built, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "parley/cmd/parley").CombinedOutput()
	require.NoError(t, err, "%s", built)
	return binary
}

// small is as little as can be measured.
func small(t *testing.T, binary string) options {
	t.Helper()
	folder := t.TempDir()
	o := options{
		sockets: 20, room: 5, duration: 50 * time.Millisecond, outstanding: 8, runs: 1, pin: true,
		binary: binary, data: filepath.Join(folder, "data"), json: filepath.Join(folder, "report.json"),
	}
	require.NoError(t, os.Mkdir(o.data, 0o700))
	return o
}

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// readReport checks what holds of every report.
func readReport(t *testing.T, o options) report {
	t.Helper()
	var r report
	b, err := os.ReadFile(o.json)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(b, &r))
	var names []string
	for _, x := range r.Rows {
		names = append(names, x.Name)
		require.Positive(t, x.Rate, "%+v", x)
		require.Positive(t, x.ClientBusy, "%+v", x)
	}
	require.Equal(t, []string{
		"handshakes", "chat, stored", "chat, one at a time", "typing, not stored", "offers, 2.5 KB", "candidates, 150 B",
	}, names)
	left, err := os.ReadDir(o.data)
	require.NoError(t, err)
	require.Empty(t, left, "the server's data is removed")
	return r
}

// TestSmoke measures real servers for a moment.
func TestSmoke(t *testing.T) {
	binary := build(t)

	t.Run("its own server", func(t *testing.T) {
		o := small(t, binary)
		o.runs = 2
		var out bytes.Buffer
		require.NoError(t, run(within(t), o, &out))
		require.Contains(t, out.String(), "20 sockets in rooms of 5")
		r := readReport(t, o)
		require.Equal(t, 2, r.Setup.Runs)
		require.Positive(t, r.Idle.All)
		require.Positive(t, r.Machine.SyncMS)
	})

	t.Run("a server that runs", func(t *testing.T) {
		o := small(t, binary)
		runtime.LockOSThread() // the server ends with this thread
		defer runtime.UnlockOSThread()
		s, err := start(within(t), o, http.DefaultClient, false)
		require.NoError(t, err)
		o.addr = s.addr.String()
		for range 2 { // one run is not in the way of the next
			require.NoError(t, run(within(t), o, &bytes.Buffer{}))
		}
		require.NoError(t, s.stop())
		http.DefaultClient.CloseIdleConnections()
		r := readReport(t, o)
		require.Zero(t, r.Idle, "nothing is known of the process")
		require.Zero(t, r.Rows[0].PerOp)
	})

	t.Run("interrupted", func(t *testing.T) {
		o := small(t, binary)
		o.duration = time.Hour
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		require.ErrorIs(t, run(ctx, o, &bytes.Buffer{}), context.DeadlineExceeded)
		left, err := os.ReadDir(o.data)
		require.NoError(t, err)
		require.Empty(t, left, "the server's data is removed")
	})
}
