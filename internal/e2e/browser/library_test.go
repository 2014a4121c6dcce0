package browser

import (
	"testing"
	"time"
)

// TestLibrary has pages of another origin call with the client library that the
// node serves: with a pion peer, and with offers that cross.
func TestLibrary(t *testing.T) {
	s := setStage(t, plan{sites: map[string]string{"library": scripts + "/library"}})
	play(t, s, "library.mjs", 2*time.Minute)
}
