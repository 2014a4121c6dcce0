package cluster

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// environment configures a node.
func (t Terms) environment() []string {
	env := []string{
		"PARLEY_EDGE_RESUME_WINDOW=" + t.Window.String(), fmt.Sprint("PARLEY_CALLS_MAX_PARTICIPANTS=", t.MostIn),
	}
	if t.Lease > 0 {
		env = append(env, "PARLEY_CLUSTER_LEASE="+t.Lease.String())
	}
	return env
}

// seed is that of the environment, or another each time.
func seed(t *testing.T) uint64 {
	t.Helper()
	said := os.Getenv("PARLEY_SEED")
	if said == "" {
		return rand.Uint64N(1 << 32)
	}
	n, err := strconv.ParseUint(said, 10, 64)
	require.NoError(t, err)
	return n
}

// longest is how long a node is paused, or down, at most.
const longest = 25 * time.Second

// newStorm starts the nodes and settles a town.
func newStorm(t *testing.T, nodes []*node, terms Terms, users, rooms int, services map[Kind]fault) *storm {
	t.Helper()
	for _, n := range nodes {
		require.NoError(t, n.start())
	}
	s := &storm{t: t, seed: seed(t), kinds: maps.Clone(services)}
	t.Logf("PARLEY_SEED=%d", s.seed)
	s.kinds[NodeKilled] = fault{
		begin: func(victim int) error { return s.lose(victim, (*node).kill) },
		end:   func(victim int) error { return nodes[victim%len(nodes)].start() },
	}
	s.kinds[NodePaused] = fault{
		begin: func(victim int) error { return s.lose(victim, (*node).pause) },
		end:   func(victim int) error { nodes[victim%len(nodes)].resume(); return nil },
	}
	s.kinds[NodesRestarted] = fault{begin: s.roll}
	s.deck = NewDeck(s.seed, min(longest, terms.longest()), slices.Sorted(maps.Keys(s.kinds)))
	s.town = settle(t, nodes, terms, s.seed, users, rooms)
	s.healthy = &watch{http: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}}
	return s
}

// longest is on both sides of what nodes and sessions outlive.
func (t Terms) longest() time.Duration { return max(t.Lease+t.Window*2/3, t.Window) }

var errEnded = errors.New("has ended by itself")

// lose takes a node from the others.
func (s *storm) lose(victim int, how func(*node)) error {
	n := s.nodes[victim%len(s.nodes)]
	if n.dead() {
		return fmt.Errorf("%s %w", n.id, errEnded)
	}
	how(n)
	return nil
}

// roll restarts all nodes, one after the other.
func (s *storm) roll(int) error {
	for _, n := range s.nodes {
		if err := n.terminate(); err != nil {
			return err
		}
		if err := n.start(); err != nil {
			return err
		}
	}
	return nil
}
