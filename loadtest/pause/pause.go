package pause

import (
	"context"
	"fmt"
	"time"
)

// For waits for d, and reports whether ctx has not ended meanwhile.
func For(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

// Until waits until it is time, and reports whether ctx has not ended before.
func Until(ctx context.Context, at time.Time) bool { return For(ctx, time.Until(at)) }

// glance is the time from one look to the next.
const glance = 10 * time.Millisecond

// Poll waits until done is true of what other goroutines do, or ctx ends.
func Poll(ctx context.Context, done func() bool) error {
	tick := time.NewTicker(glance)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("pause: %w", ctx.Err())
		}
	}
	return nil
}
