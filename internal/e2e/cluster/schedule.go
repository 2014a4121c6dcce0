package cluster

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// Kind is what fails.
type Kind string

// Kinds of faults. Clients are cut off all the time besides.
const (
	NodeKilled      Kind = "node killed"         // SIGKILL, started again after a while
	NodePaused      Kind = "node paused"         // SIGSTOP, SIGCONT
	NodesRestarted  Kind = "nodes restarted"     // SIGTERM and start, one after the other
	MasterKilled    Kind = "Redis master killed" // and started again, with nothing
	MasterMoved     Kind = "Redis failover"      // CLUSTER FAILOVER: in good order
	RedisDown       Kind = "Redis down"          // all of it, started again with nothing
	DatabaseKilled  Kind = "PostgreSQL killed"
	DatabaseStopped Kind = "PostgreSQL restarted"
)

// Hides tells whether nodes may not know of each other while it lasts.
func (k Kind) Hides() bool {
	return slices.Contains([]Kind{MasterKilled, MasterMoved, RedisDown}, k)
}

// Strike is one or two kinds of faults at once. Two are never a node and what Redis
// knows: of a session whose socket is lost the node holds one copy and Redis the
// other, and with both it is gone by design. They are never two nodes, so that
// somebody is left to ask.
type Strike struct {
	After  time.Duration // since the last one ended
	Lasts  time.Duration
	Kinds  []Kind
	Victim int // a number to choose by, from 0 on
}

// String implements fmt.Stringer.
func (s Strike) String() string {
	var kinds []string
	for _, k := range s.Kinds {
		kinds = append(kinds, string(k))
	}
	return fmt.Sprintf("%s (%d) for %.1fs", strings.Join(kinds, " and "), s.Victim%3+1, s.Lasts.Seconds())
}

// Deck deals strikes, of which all follow from the seed.
type Deck struct {
	// static
	kinds []Kind
	most  time.Duration

	rng  *rand.Rand
	left []Kind // of this round: each kind comes once in a round
}

// NewDeck is a deck of some kinds, with strikes that last at most so long.
func NewDeck(seed uint64, most time.Duration, kinds []Kind) *Deck {
	return &Deck{rng: rand.New(rand.NewPCG(seed, 0)), most: most, kinds: kinds}
}

// Deal returns the next strike.
func (d *Deck) Deal() Strike {
	if len(d.left) == 0 {
		d.left = slices.Clone(d.kinds)
		d.rng.Shuffle(len(d.left), func(i, j int) { d.left[i], d.left[j] = d.left[j], d.left[i] })
	}
	s := Strike{
		After: d.between(500*time.Millisecond, 3*time.Second), Lasts: d.between(500*time.Millisecond, d.most),
		Kinds: []Kind{d.left[0]}, Victim: d.rng.IntN(1 << 10),
	}
	d.left = d.left[1:]
	if other, ok := d.beside(s.Kinds[0]); ok && d.rng.IntN(3) == 0 {
		s.Kinds = append(s.Kinds, other)
	}
	for _, k := range s.Kinds {
		s.Lasts = min(s.Lasts, d.longest(k))
	}
	return s
}

// longest is how long a kind of fault may last: everybody waits for what is the truth
// of chat, and what is over when it has begun needs no time at all.
func (d *Deck) longest(k Kind) time.Duration {
	switch k {
	case DatabaseKilled, DatabaseStopped:
		return d.most / 4
	case RedisDown, MasterKilled:
		return d.most / 2
	case MasterMoved, NodesRestarted:
		return time.Second
	}
	return d.most
}

// beside is what may fail together with a kind.
func (d *Deck) beside(k Kind) (Kind, bool) {
	var other Kind
	switch k {
	case NodeKilled, NodePaused:
		other = []Kind{DatabaseKilled, DatabaseStopped, MasterMoved}[d.rng.IntN(3)]
	case MasterKilled, RedisDown:
		other = DatabaseKilled
	}
	return other, slices.Contains(d.kinds, other)
}

func (d *Deck) between(least, most time.Duration) time.Duration {
	return least + time.Duration(d.rng.Int64N(int64(max(most-least, 1))))
}
