package ringing_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/ringing"
	"parley/ringing/ring"
)

// What rang for users who never come to this node is forgotten, whether or not its
// end is heard of: else there would be no room for what rings.
func TestWhatRangElsewhereIsForgotten(t *testing.T) {
	e, now := ringing.NewElsewhere(), time.Unix(1e9, 0)
	for user := int64(1); user <= ring.MaxRings; user++ {
		e.Ring(user, now.Add(30*time.Second), now)
	}
	e.Ring(-1, now.Add(30*time.Second), now)
	require.False(t, e.Rings(-1, now), "there is no room")
	require.True(t, e.Rings(ring.MaxRings, now))

	now = now.Add(3 * time.Minute)
	e.Ring(-2, now.Add(30*time.Second), now)
	require.True(t, e.Rings(-2, now))
	require.Equal(t, 1, e.Users())
}
