package health_test

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"parley/loadtest/health"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestWatchSeesWhatThisProcessUses(t *testing.T) {
	start := time.Now()
	w := health.Start(start)
	first := w.Sample(start.Add(time.Second))
	require.Positive(t, first.Descriptors)
	require.Positive(t, first.Memory)
	require.GreaterOrEqual(t, first.Goroutines, 2)
	require.InDelta(t, 1, float64(first.At), 1e-9)

	for range 10 {
		f, err := os.Open(os.DevNull)
		require.NoError(t, err)
		defer func() { _ = f.Close() }()
	}
	spent := 0
	for spend := time.Now(); time.Since(spend) < 50*time.Millisecond; spent++ {
	}
	second := w.Sample(start.Add(time.Second + time.Millisecond)) // as if it had all been in a millisecond
	require.GreaterOrEqual(t, second.Descriptors, first.Descriptors+10)
	require.Greater(t, second.CPU, 1.0, "after %d turns", spent)

	h := w.Stop()
	require.Positive(t, h.Processors)
	require.Positive(t, h.DescriptorLimit)
	require.Len(t, h.Series, 2)
	require.Positive(t, h.Lag.Count())
	require.Empty(t, h.Warnings, "too short a run to say")
}

func TestBusyClientIsWarnedOf(t *testing.T) {
	w := health.Start(time.Now())
	now := time.Now()
	for range 5 {
		for spend := time.Now(); time.Since(spend) < 20*time.Millisecond; {
		}
		now = now.Add(time.Microsecond)
		w.Sample(now)
	}
	warnings := w.Stop().Warnings
	require.NotEmpty(t, warnings)
	require.Contains(t, warnings[0], "in 5 of 5 seconds")
}
