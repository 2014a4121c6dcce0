package browser

import (
	"testing"
	"time"

	"parley/configs"
)

// TestTalk has people sign up by the page, chat and call, while the server is
// restarted under them.
func TestTalk(t *testing.T) {
	play(t, setStage(t, plan{}), "talk.mjs", 3*time.Minute)
}

// TestCutNetwork takes the network from one page for eight seconds.
func TestCutNetwork(t *testing.T) {
	s := setStage(t, plan{relay: true, sites: map[string]string{"page": dist}})
	play(t, s, "cut.mjs", 2*time.Minute)
}

// TestManyCalls has two people call at the same moment, and measures how long it
// takes to see the other.
func TestManyCalls(t *testing.T) {
	play(t, setStage(t, plan{}), "calls.mjs", 4*time.Minute)
}

// TestRefusals holds the page to its words where something cannot be.
func TestRefusals(t *testing.T) {
	s := setStage(t, plan{config: func(cfg *configs.Config) { cfg.Calls.MaxParticipants = 2 }})
	play(t, s, "refusals.mjs", 2*time.Minute)
}

// TestViews keeps a picture of every view, and finds none that shuts people out.
func TestViews(t *testing.T) {
	play(t, setStage(t, plan{}), "views.mjs", 3*time.Minute)
}
