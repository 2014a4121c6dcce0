package browser

import (
	"testing"
	"time"
)

// TestFrontEndWrittenFromTheDocuments has two pages that know nothing of this
// project but its documents chat and call, from another origin than the server's.
func TestFrontEndWrittenFromTheDocuments(t *testing.T) {
	s := setStage(t, plan{sites: map[string]string{"front": scripts + "/dropin"}})
	play(t, s, "dropin.mjs", 2*time.Minute)
}
