package clientjs

import (
	"testing"

	"parley/configs"
)

// TestRinging calls, answers, declines and cancels, on two devices of who is
// called, and ends with a logout that both devices hear of.
func TestRinging(t *testing.T) {
	n := startNode(t, func(*configs.Config) {})
	in := newTown(t, n.app.Addr())
	run(t, "ring.mjs", nil, "http://"+n.app.Addr(), in.room, in.ann, in.bob)
}
