package swarm

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestSilence(t *testing.T) {
	s := silence{since: time.Second}
	require.NoError(t, s.check(1, 2*time.Second))
	require.NoError(t, s.check(1, 2*time.Second+patience))
	require.ErrorIs(t, s.check(1, 2*time.Second+patience+1), errSilent)
	require.NoError(t, s.check(2, 2*time.Second+patience+1), "something moved")
	require.NoError(t, s.check(2, 3*time.Second+patience))
}
