package host

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"time"
)

// SyncTime is how long a small write to folder takes to reach the disk: the
// median of a few. What is stored waits for it.
func SyncTime(folder string) (_ time.Duration, err error) {
	f, err := os.CreateTemp(folder, "sync-*")
	if err != nil {
		return 0, fmt.Errorf("disk: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	page := make([]byte, 4096)
	var took [31]time.Duration
	for i := range took {
		began := time.Now()
		if _, err := f.Write(page); err != nil {
			return 0, fmt.Errorf("disk: %w", err)
		}
		if err := f.Sync(); err != nil {
			return 0, fmt.Errorf("disk: %w", err)
		}
		took[i] = time.Since(began)
	}
	slices.Sort(took[:])
	return took[len(took)/2], nil
}
