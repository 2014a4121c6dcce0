package chat

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTheTideSaysHowLongToGather(t *testing.T) {
	t.Parallel()
	var x tide
	now := time.Unix(1_000_000, 0)
	for range calm - 1 {
		require.Zero(t, x.change(now), "few are told of at once")
	}
	for range calm {
		require.Equal(t, gatherLeast, x.change(now))
	}
	require.Equal(t, 2*gatherLeast, x.change(now), "it grows with what comes at once")
	for range 1000 {
		x.change(now)
	}
	require.Equal(t, gatherMost, x.change(now))
	require.Equal(t, gatherMost, x.change(now.Add(gatherLeast)), "the span before counts")
	require.Zero(t, x.change(now.Add(3*gatherLeast)), "after a calm span no more")
	require.Zero(t, x.change(now.Add(time.Hour)))
}
