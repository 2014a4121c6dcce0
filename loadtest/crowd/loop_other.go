//go:build !linux

package crowd

import "time"

// newLoop makes none: sockets are plain here.
func newLoop(*counters, time.Duration) (transport, error) { return nil, nil } //nolint:nilnil // no loop is no error
