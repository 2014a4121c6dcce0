package swarm

import (
	"fmt"
	"time"
)

// patience is how long a server may leave the swarm without a byte that it
// waits for.
const patience = 20 * time.Second

var errSilent = fmt.Errorf("nothing came for %s", patience)

// silence notices that nothing moves any more.
type silence struct {
	mark  int64
	since time.Duration
}

// check takes a number that changes whenever something moves.
func (s *silence) check(mark int64, now time.Duration) error {
	switch {
	case mark != s.mark:
		s.mark, s.since = mark, now
	case now-s.since > patience:
		return errSilent
	}
	return nil
}
