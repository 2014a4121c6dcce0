package presence_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/presence"
	"parley/presence/presencetest"
)

const lease = 30 * time.Second

// clock stands still until it is advanced.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func ann() presence.User { return presence.User{ID: 1, Username: "ann", DisplayName: "Ann"} }

func TestMemoryKeepsTheContract(t *testing.T) {
	presencetest.Run(t, func(*testing.T) presencetest.Space {
		c := newClock()
		m := presence.NewMemory(lease, c.Now)
		return presencetest.Space{
			Lease:   lease,
			Join:    func(_ *testing.T, n presence.Node) presence.Registry { return m.Join(n) },
			Advance: c.Advance,
			Lose:    func(*testing.T) { m.Lose() },
		}
	})
}

func TestLeaseEndsToTheInstant(t *testing.T) {
	c := newClock()
	m := presence.NewMemory(lease, c.Now)
	a, b := m.Node("a"), m.Node("b")
	require.NoError(t, a.Enter(t.Context(), 7, ann()))

	c.Advance(lease - 1)
	online, err := b.Online(t.Context(), 7)
	require.NoError(t, err)
	require.Len(t, online, 1)
	c.Advance(1)
	online, err = b.Online(t.Context(), 7)
	require.NoError(t, err)
	require.Empty(t, online)
}

func TestNodeDoesNotReapItself(t *testing.T) {
	c := newClock()
	a := presence.NewMemory(lease, c.Now).Node("a")
	require.NoError(t, a.Enter(t.Context(), 7, ann()))
	c.Advance(lease)
	reaped, err := a.Reap(t.Context())
	require.NoError(t, err)
	require.Empty(t, reaped, "who reaps is alive")
	lapsed, err := a.Renew(t.Context())
	require.NoError(t, err)
	require.True(t, lapsed)
	online, err := a.Online(t.Context(), 7)
	require.NoError(t, err)
	require.Len(t, online, 1, "not reaped, so valid again")
}

func TestReapIsOrdered(t *testing.T) {
	c := newClock()
	m := presence.NewMemory(lease, c.Now)
	a := m.Node("a")
	for id := int64(20); id > 0; id-- {
		require.NoError(t, a.Enter(t.Context(), id%3+1, presence.User{ID: id}))
	}
	c.Advance(lease)
	reaped, err := m.Node("b").Reap(t.Context())
	require.NoError(t, err)
	require.Len(t, reaped, 20)
	for i, e := range reaped[1:] {
		before := reaped[i]
		require.True(t, before.Room < e.Room || before.Room == e.Room && before.User.ID < e.User.ID,
			"%+v before %+v", before, e)
	}
}

func TestCloseWithEndedContext(t *testing.T) {
	m := presence.NewMemory(lease, newClock().Now)
	a, b := m.Node("a"), m.Node("b")
	require.NoError(t, a.Enter(t.Context(), 7, ann()))
	ended, end := context.WithCancel(t.Context())
	end()
	require.NoError(t, a.Close(ended))
	online, err := b.Online(t.Context(), 7)
	require.NoError(t, err)
	require.Empty(t, online)
}
