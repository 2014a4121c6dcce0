package fleet_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"parley/fleet"
	"parley/presence"
)

const lease = 12 * time.Second

// ship is a node of a fleet, in a bubble of virtual time.
type ship struct {
	*fleet.Fleet
	registry *unreliable

	mu  sync.Mutex
	log []string // guarded by mu
}

func (s *ship) note(what ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = append(s.log, fmt.Sprint(what...))
}

// unreliable is a registry that can be out of reach, or its node paused.
type unreliable struct {
	presence.Registry
	away atomic.Bool
}

func (u *unreliable) Renew(ctx context.Context) (bool, error) {
	if u.away.Load() {
		return false, errors.New("no route")
	}
	return u.Registry.Renew(ctx)
}

func (u *unreliable) Nodes(ctx context.Context) ([]presence.Node, error) {
	if u.away.Load() {
		return nil, errors.New("no route")
	}
	return u.Registry.Nodes(ctx)
}

func launch(t *testing.T, space *presence.Memory, id string) *ship {
	s := &ship{registry: &unreliable{Registry: space.Join(presence.Node{ID: id, Boot: id + ".1"})}}
	s.Fleet = fleet.New(fleet.Config{Boot: id + ".1", Lease: lease}, s.registry, time.Now)
	s.Watch(fleet.Events{
		Lapsed: func() { s.note("lapsed") },
		Gone:   func(boots []string) { s.note("gone ", strings.Join(boots, ",")) },
		Reaped: func(entries []presence.Entry) { s.note("reaped ", len(entries), " of ", entries[0].Node) },
	})
	s.Watch(fleet.Events{}) // who wants to hear of nothing
	s.Start()
	t.Cleanup(s.Stop)
	return s
}

// take returns what was heard since it was called last.
func (s *ship) take() []string {
	synctest.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	log := s.log
	s.log = nil
	return log
}

func sail(t *testing.T, fn func(t *testing.T, a, b, c *ship)) {
	synctest.Test(t, func(t *testing.T) {
		space := presence.NewMemory(lease, time.Now)
		a, b, c := launch(t, space, "a"), launch(t, space, "b"), launch(t, space, "c")
		pass(2 * lease)
		for _, s := range []*ship{a, b, c} {
			s.take() // a lease that begins was none before
			require.Len(t, s.Nodes(), 3)
		}
		fn(t, a, b, c)
	})
}

func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

func TestADeadNodeIsGoneForAllAndReapedByOne(t *testing.T) {
	sail(t, func(t *testing.T, a, b, c *ship) {
		require.NoError(t, c.registry.Enter(t.Context(), 7, presence.User{ID: 1}))
		require.False(t, a.Dead("c.1"))
		c.Stop() // killed: nothing ends its lease
		pass(lease - time.Second)
		require.Empty(t, a.take())
		pass(2 + lease/2)
		require.True(t, a.Dead("c.1"))
		require.False(t, a.Dead("a.1"))
		require.False(t, a.Dead("b.1"))
		heard := append(a.take(), b.take()...)
		slices.Sort(heard)
		require.Equal(t, []string{"gone c.1", "gone c.1", "reaped 1 of c.1"}, heard)
		pass(3 * lease)
		require.Empty(t, a.take())
	})
}

func TestANodeThatLeavesIsGoneSoon(t *testing.T) {
	sail(t, func(t *testing.T, a, _, c *ship) {
		c.Stop()
		require.NoError(t, c.registry.Close(t.Context()))
		pass(lease / 2)
		require.Equal(t, []string{"gone c.1"}, a.take())
	})
}

func TestAPausedNodeLearnsThatItWas(t *testing.T) {
	sail(t, func(t *testing.T, a, b, c *ship) {
		c.registry.away.Store(true)
		pass(2 * lease)
		require.True(t, a.Dead("c.1"))
		require.False(t, c.Dead("a.1"), "it knows nothing")
		a.take()
		c.registry.away.Store(false)
		pass(lease / 2)
		require.Equal(t, []string{"lapsed"}, c.take())
		require.False(t, a.Dead("c.1"))
		pass(3 * lease)
		require.Empty(t, c.take())
		require.Empty(t, a.take())
		require.Empty(t, b.take()[1:])
	})
}

// All were cut off, and come back one after the other: nobody is taken for dead.
func TestNobodyDiesWithTheRegistry(t *testing.T) {
	sail(t, func(t *testing.T, a, b, c *ship) {
		for _, s := range []*ship{a, b, c} {
			s.registry.away.Store(true)
		}
		pass(5 * lease)
		a.registry.away.Store(false)
		pass(lease / 2)
		b.registry.away.Store(false)
		pass(lease / 4)
		c.registry.away.Store(false)
		pass(3 * lease)
		for _, s := range []*ship{a, b, c} {
			require.Equal(t, []string{"lapsed"}, s.take())
			require.Len(t, s.Nodes(), 3)
		}
	})
}

func TestWhoDoesNotComeBackIsGone(t *testing.T) {
	sail(t, func(t *testing.T, a, b, c *ship) {
		for _, s := range []*ship{a, b, c} {
			s.registry.away.Store(true)
		}
		pass(5 * lease)
		a.registry.away.Store(false)
		b.registry.away.Store(false)
		pass(lease - time.Second)
		require.False(t, a.Dead("c.1"), "it may come yet")
		pass(lease)
		require.True(t, a.Dead("c.1"))
		require.Equal(t, []string{"lapsed", "gone c.1"}, a.take())
		require.Len(t, a.Nodes(), 2)
	})
}

// A node that has just begun was not there at the last look, and is not dead.
func TestANodeThatHasJustBegunIsNotDead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		space := presence.NewMemory(lease, time.Now)
		a := launch(t, space, "a")
		pass(2*lease + time.Second/2)
		launch(t, space, "d")
		synctest.Wait()
		require.False(t, a.Dead("d.1"))
		require.False(t, a.Dead("never.1"), "nobody knows yet")
		pass(lease / 6)
		require.False(t, a.Dead("d.1"))
		require.True(t, a.Dead("never.1"))
		require.False(t, a.Dead("d.1"))
	})
}

// A node that was paused takes nobody for dead who has begun meanwhile.
func TestAViewOfLongAgoIsNotActedUpon(t *testing.T) {
	sail(t, func(t *testing.T, a, _, c *ship) {
		require.False(t, a.Dead("never.1"))
		pass(lease)
		require.True(t, a.Dead("never.1"))
		a.Stop() // as if paused
		pass(lease + time.Second)
		require.False(t, a.Dead("never.1"))
		require.False(t, a.Dead("c.1"))
	})
}

// Names that clients make up are no burden for ever, and keep no node from being
// known to be dead.
func TestManyStrangers(t *testing.T) {
	sail(t, func(t *testing.T, a, _, c *ship) {
		for i := range 5000 {
			require.False(t, a.Dead(fmt.Sprint("made up ", i)))
		}
		c.Stop()
		pass(2 * lease)
		require.True(t, a.Dead("c.1"))
		require.True(t, a.Dead("made up 1"))
		require.False(t, a.Dead("made up 4999"), "one too many to know")
		pass(time.Hour)
		require.False(t, a.Dead("made up 4999"))
		pass(lease)
		require.True(t, a.Dead("made up 4999"))
	})
}
