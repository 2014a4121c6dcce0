package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

// profiled saves what the server does for so long from now on, if that is asked
// for. The function returned waits until it is saved.
func (s *stage) profiled(ctx context.Context, load string, d time.Duration) (wait func() error) {
	if s.o.profile == "" || s.server.admin == nil {
		return func() error { return nil }
	}
	var work errgroup.Group
	work.Go(func() error {
		if err := os.MkdirAll(s.o.profile, 0o750); err != nil {
			return fmt.Errorf("profile: %w", err)
		}
		return s.server.admin.profile(ctx, d, filepath.Join(s.o.profile, profileName(s.row, load, s.subject.name)))
	})
	return work.Wait
}

// profileName is the file of one load, such as saturated-rooms-of-10.pprof; the
// version that is compared with has its own.
func profileName(row, load, subject string) string {
	name := row
	if load != "" {
		name += "-" + load
	}
	if subject == subjectBase {
		name += "-" + subject
	}
	return strings.NewReplacer(", ", "-", " ", "-").Replace(name) + ".pprof"
}
