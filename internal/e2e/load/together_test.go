package load

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/loadtest/measure"
	"parley/loadtest/target"
)

// load is what all loads are.
type load interface {
	Run(ctx context.Context, t *target.Target, r *measure.Recorder) error
}

// aimed is a load with its target.
type aimed struct {
	load load
	at   *target.Target
}

// alone runs a load to its end.
func alone(t *testing.T, a aimed) measure.Snapshot {
	t.Helper()
	return together(t, map[string]aimed{"": a})[""]
}

// together runs loads to their ends, all at the same time: what they wait for, they
// wait for together.
func together(t *testing.T, loads map[string]aimed) map[string]measure.Snapshot {
	t.Helper()
	ctx := within(t)
	var all sync.WaitGroup
	var mu sync.Mutex
	var failed error
	recorded := map[string]measure.Snapshot{}
	for name, a := range loads {
		all.Go(func() {
			r := measure.New(time.Now())
			err := a.load.Run(ctx, a.at, r)
			mu.Lock()
			defer mu.Unlock()
			failed = errors.Join(failed, err)
			recorded[name] = r.Snapshot()
		})
	}
	all.Wait()
	require.NoError(t, failed)
	require.NoError(t, ctx.Err(), "they took too long")
	for name, got := range recorded {
		require.Zero(t, got.Gauges["sockets"], "%s, at the end", name)
	}
	return recorded
}
