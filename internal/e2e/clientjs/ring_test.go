package clientjs

import (
	"testing"

	"parley/internal/nodetest"
)

// TestRinging calls, answers, declines and cancels, on two devices of who is
// called, and ends with a logout that both devices hear of.
func TestRinging(t *testing.T) {
	n := nodetest.Start(t)
	in := newTown(t, n.Addr())
	run(t, "ring.mjs", nil, n.URL(), in.room, in.ann, in.bob)
}
