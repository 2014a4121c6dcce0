package crowd

import (
	"context"
	"fmt"
	"time"
)

// Poll waits until done is true of what a crowd's goroutines do, or ctx ends.
func Poll(ctx context.Context, done func() bool) error {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("crowd: %w", ctx.Err())
		}
	}
	return nil
}
