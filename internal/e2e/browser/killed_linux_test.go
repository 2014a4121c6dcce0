package browser

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A script that hangs is killed, and Chromium with it.
func TestKilledScriptLeavesNothing(t *testing.T) {
	s := setStage(t, plan{})
	ready := filepath.Join(t.TempDir(), "ready")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var lived []int
	var watching sync.WaitGroup
	watching.Go(func() {
		defer cancel()
		if assert.Eventually(t, func() bool { _, err := os.Stat(ready); return err == nil }, patience, time.Millisecond) {
			lived = groupsOf("PARLEY_READY=" + ready)
		}
	})
	out, _, err := proof(ctx, t, s, "hangs.mjs", "PARLEY_READY="+ready)
	require.Error(t, err, "a script that never ends has ended: %s", out)
	watching.Wait()
	require.GreaterOrEqual(t, len(lived), 2, "groups of processes: Node.js, Chromium")
	for _, group := range lived {
		require.Eventually(t, func() bool { return members(group) == 0 }, patience, time.Millisecond, "group %d lives", group)
	}
}

// members counts the processes of a group that live.
func members(group int) (count int) {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		line, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		// pid (name) state parent group …; a name may hold anything (proc_pid_stat(5)).
		rest := line[bytes.LastIndexByte(line, ')')+1:]
		var state string
		var parent, its int
		if _, err := fmt.Sscan(string(rest), &state, &parent, &its); err == nil && its == group && state != "Z" {
			count++
		}
	}
	return count
}
