package chat

import (
	"errors"
	"fmt"
	"net/netip"
	"time"
)

// Options say what a chat is like.
type Options struct {
	Sockets  int     // in all rooms together
	Rooms    int     // that share them
	Zipf     float64 // exponent of the rooms' sizes; 0: all are of one size
	Users    int     // whose sockets they are
	Rate     float64 // messages and typings a second, of all together
	Size     int     // characters of a message
	Typing   float64 // share of typings, which are not stored, from 0 to 1
	Duration time.Duration

	Slow           float64       // share of sockets that stop reading now and then; they listen only
	SlowFor        time.Duration // each time
	SlowEvery      time.Duration // each
	Reconnect      float64       // share of sockets that are lost now and then
	ReconnectEvery time.Duration // each
	Away           time.Duration // at most, before they come back

	Late time.Duration // a delivery that takes longer is a fault
	Lost time.Duration // likewise, one that has not come after that

	OpenRate float64      // sockets a second; 0: as fast as the server lets them in
	AtOnce   int          // sockets that may be opening
	Sources  []netip.Addr // local addresses to come from
	Plain    bool         // sockets of a goroutine each
}

// Defaults are a chat that a laptop's server bears.
func Defaults() Options {
	return Options{
		Sockets: 100, Rooms: 10, Zipf: 1, Users: 50, Rate: 20, Size: 120, Typing: 0.2, Duration: 30 * time.Second,
		SlowFor: 3 * time.Second, SlowEvery: 10 * time.Second,
		ReconnectEvery: 10 * time.Second, Away: 2 * time.Second,
		Late: 5 * time.Second, Lost: 15 * time.Second, AtOnce: 128,
	}
}

// Rules are those that hold for a chat unless others about the same are asked for.
func Rules() []string {
	return []string{"connect.success<0.999", "send.success<0.999"}
}

// Sizes that content must have: a tag must fit, and a note must be taken.
const (
	leastSize = 48
	mostSize  = 4000 // limits.message_chars unless it is set
	mostNote  = 200
)

// Validate finds what cannot be.
func (o Options) Validate() error {
	var wrong []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			wrong = append(wrong, fmt.Errorf("chat: "+format, args...))
		}
	}
	check(o.Rooms >= 1, "want a room or more, got %d", o.Rooms)
	check(o.Sockets >= 2*o.Rooms, "want two sockets or more for each of %d rooms, got %d", o.Rooms, o.Sockets)
	check(o.Users >= 2, "want two users or more, got %d", o.Users)
	check(o.Rate > 0, "want a rate above 0, got %g", o.Rate)
	check(o.Size >= leastSize && o.Size <= mostSize, "want a size from %d to %d characters, got %d", leastSize, mostSize, o.Size)
	for name, share := range map[string]float64{"typing": o.Typing, "slow": o.Slow, "reconnect": o.Reconnect} {
		check(share >= 0 && share <= 1, "want a share of %s from 0 to 1, got %g", name, share)
	}
	check(o.Zipf >= 0, "want an exponent of 0 or more, got %g", o.Zipf)
	for name, d := range map[string]time.Duration{
		"duration": o.Duration, "slow-for": o.SlowFor, "slow-every": o.SlowEvery, "reconnect-every": o.ReconnectEvery, "late": o.Late,
	} {
		check(d > 0, "want a time above 0 for %s, got %s", name, d)
	}
	check(o.Lost > o.Late, "want lost (%s) above late (%s)", o.Lost, o.Late)
	check(o.Slow == 0 || o.Lost > o.SlowFor, "want lost (%s) above slow-for (%s)", o.Lost, o.SlowFor)
	check(o.AtOnce >= 1, "want one socket or more at once, got %d", o.AtOnce)
	return errors.Join(wrong...)
}
