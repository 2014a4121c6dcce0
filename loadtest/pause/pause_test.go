package pause_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"parley/loadtest/pause"
)

func TestPausesEndInTimeOrWithTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		require.True(t, pause.For(t.Context(), time.Hour))
		require.Equal(t, time.Hour, time.Since(start))
		require.True(t, pause.Until(t.Context(), start.Add(2*time.Hour)))
		require.Equal(t, 2*time.Hour, time.Since(start))
		require.True(t, pause.Until(t.Context(), start), "that was long ago")
		require.Equal(t, 2*time.Hour, time.Since(start))

		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		require.False(t, pause.For(ctx, time.Hour))
		require.False(t, pause.For(ctx, 0), "it had ended before")
		require.Equal(t, 2*time.Hour+time.Minute, time.Since(start))
	})
}

func TestPollLooksAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		looks := 0
		require.NoError(t, pause.Poll(t.Context(), func() bool { looks++; return looks == 3 }))
		require.Equal(t, 3, looks)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		require.ErrorIs(t, pause.Poll(ctx, func() bool { return false }), context.DeadlineExceeded)
	})
}
