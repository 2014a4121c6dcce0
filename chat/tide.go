package chat

import (
	"sync"
	"time"
)

// Bounds of how long comings and goings are gathered before a room hears of them.
const (
	gatherLeast = 50 * time.Millisecond
	gatherMost  = time.Second
	// calm is how many changes in gatherLeast, on the whole node, are not gathered
	// at all.
	calm = 10
)

// tide is how fast users come and go on this node. The faster, the longer their
// news is gathered: when thousands come back at once, each socket is written to
// a few times, and not for each of them.
type tide struct {
	mu     sync.Mutex
	since  time.Time // guarded by mu, as is all below: when the count began
	count  int
	before int // in the span before it
}

// change counts a coming or going, and says how long to gather more of them:
// not at all, as long as there are few.
func (t *tide) change(now time.Time) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	if past := now.Sub(t.since); past >= gatherLeast {
		t.before = t.count
		if past >= 2*gatherLeast {
			t.before = 0
		}
		t.since, t.count = now, 0
	}
	t.count++
	return min(gatherMost, gatherLeast*time.Duration(max(t.before, t.count)/calm))
}
