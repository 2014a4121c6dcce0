package host

import (
	"bytes"
	"context"
	"io"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// locked keeps the test on its thread, as what starts children must be.
func locked(t *testing.T, pin bool) Processors {
	t.Helper()
	runtime.LockOSThread()
	p, err := NewProcessors(pin)
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, p.Release())
		runtime.UnlockOSThread()
	})
	return p
}

func TestProcessors(t *testing.T) {
	p := locked(t, false)
	require.False(t, p.Pinned())
	require.NoError(t, p.Release(), "nowhere to move")

	p, err := NewProcessors(true)
	require.NoError(t, err)
	if !p.Pinned() {
		return // one processor
	}
	require.Equal(t, 1, p.server.Count())
	require.Equal(t, 1, p.client.Count())
	require.NotEqual(t, *p.server, *p.client)
}

func TestAChildHasTheServersProcessor(t *testing.T) {
	p := locked(t, true)
	for _, cpus := range []int{1, 2} {
		c, err := p.Start(t.Context(), Command{Path: "/bin/sh", Args: []string{"-c", "echo up; exec sleep 1000"}, CPUs: cpus})
		require.NoError(t, err)
		said := make([]byte, 3)
		_, err = io.ReadFull(c.Stdout, said)
		require.NoError(t, err)
		require.Equal(t, "up\n", string(said))
		var on, own unix.CPUSet
		require.NoError(t, unix.SchedGetaffinity(int(c.Process), &on))
		require.NoError(t, unix.SchedGetaffinity(0, &own))
		if p.Pinned() {
			require.Equal(t, cpus == 1, on == *p.server)
			require.Equal(t, *p.client, own, "this process is out of its way")
		}
		require.NoError(t, c.Stop())
	}
}

func TestWhatAChildSaysBeforeItFailsIsTold(t *testing.T) {
	c, err := locked(t, false).Start(t.Context(), Command{Path: "/bin/sh", Args: []string{"-c", "echo no such key >&2; exit 2"}, CPUs: 1})
	require.NoError(t, err)
	_, err = io.Copy(io.Discard, c.Stdout)
	require.NoError(t, err)
	err = c.Stop()
	require.ErrorContains(t, err, "no such key")
	require.ErrorContains(t, err, "exit status 2")

	_, err = locked(t, false).Start(t.Context(), Command{Path: "/nonexistent", CPUs: 1})
	require.ErrorContains(t, err, "/nonexistent")
}

func TestAChildEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c, err := locked(t, false).Start(ctx, Command{Path: "/bin/sleep", Args: []string{"1000"}, CPUs: 1})
	require.NoError(t, err)
	cancel()
	_, err = io.Copy(io.Discard, c.Stdout)
	require.NoError(t, err, "its output ends")
	require.NoError(t, c.Stop())
}

// TestCPUIsWhatProcShows compares the clock with utime and stime.
func TestCPUIsWhatProcShows(t *testing.T) {
	self := Process(os.Getpid())
	for spent := time.Duration(0); spent < 300*time.Millisecond; {
		_, err := SyncTime(t.TempDir())
		require.NoError(t, err)
		spent, err = self.CPU()
		require.NoError(t, err)
	}
	before, err := self.CPU()
	require.NoError(t, err)
	stat, err := os.ReadFile("/proc/self/stat")
	require.NoError(t, err)
	after, err := self.CPU()
	require.NoError(t, err)
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	ticks, err := sumTicks(fields[11:13]) // utime and stime are fields 14 and 15, and two are cut off
	require.NoError(t, err)
	require.GreaterOrEqual(t, ticks, before-3*tick)
	require.LessOrEqual(t, ticks, after+tick)

	all, err := MachineCPU()
	require.NoError(t, err)
	require.GreaterOrEqual(t, all, ticks)
	_, err = Process(1 << 23).CPU() // more than there are
	require.Error(t, err)
}

func TestRSS(t *testing.T) {
	rss, err := Process(os.Getpid()).RSS()
	require.NoError(t, err)
	require.Greater(t, rss, int64(1<<20))
	_, err = Process(-1).RSS()
	require.Error(t, err)
}
