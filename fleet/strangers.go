package fleet

import "time"

// strangers are nodes, by boot, that somebody has asked about and that are not alive,
// as far as is known: dead ones, such as have begun since the last look, and names
// that clients have made up.
type strangers map[string]stranger

type stranger struct {
	first time.Time // when it was asked about first; of one that has died the zero time
	last  time.Time
}

const (
	// mostStrangers bounds the names that clients can make up.
	mostStrangers = 1024
	// strangerStays is how long one is remembered that nobody asks about.
	strangerStays = 10 * time.Minute
)

// asked returns when a node was asked about first. Of too many it is now.
func (s strangers) asked(boot string, now time.Time) time.Time {
	x, known := s[boot]
	if !known {
		if len(s) >= mostStrangers {
			return now
		}
		x.first = now
	}
	x.last = now
	s[boot] = x
	return x.first
}

// died notes a node that was alive, and is not.
func (s strangers) died(boot string, now time.Time) { s[boot] = stranger{last: now} }

// forget drops those that nobody has asked about for long.
func (s strangers) forget(now time.Time) {
	for boot, x := range s {
		if now.Sub(x.last) > strangerStays {
			delete(s, boot)
		}
	}
}
