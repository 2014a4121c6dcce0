package ledger_test

import (
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/ledger"
	"parley/ledger/ledgertest"
)

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

func TestMemoryKeepsTheContract(t *testing.T) {
	ledgertest.Run(t, func(*testing.T) ledgertest.Space {
		c := newClock()
		m := ledger.NewMemory(c.Now)
		return ledgertest.Space{
			Open:    func(*testing.T) ledger.Ledger { return m.Ledger() },
			Advance: c.Advance,
			Clock:   func(*testing.T) time.Time { return c.Now() },
			Lose:    func(*testing.T) { m.Lose() },
		}
	})
}

func TestDocumentsEndToTheInstant(t *testing.T) {
	c := newClock()
	l := ledger.NewMemory(c.Now).Ledger()
	_, stored, err := l.Swap(t.Context(), "k", 0, []byte("v"), time.Minute)
	require.NoError(t, err)
	require.True(t, stored)
	c.Advance(time.Minute - 1)
	d, err := l.Load(t.Context(), "k")
	require.NoError(t, err)
	require.Equal(t, "v", string(d.Value))
	c.Advance(1)
	d, err = l.Load(t.Context(), "k")
	require.NoError(t, err)
	require.Zero(t, d)
}

// What nobody asks for again must not stay in memory.
func TestForgottenDocumentsAreDropped(t *testing.T) {
	c := newClock()
	l := ledger.NewMemory(c.Now).Ledger()
	heap := func() uint64 {
		var stats runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&stats)
		return stats.HeapAlloc
	}
	before := heap()
	for i := range 500 {
		_, _, err := l.Swap(t.Context(), fmt.Sprint(i), 0, make([]byte, 100_000), time.Second)
		require.NoError(t, err)
		c.Advance(100 * time.Millisecond)
	}
	require.Less(t, heap(), before+20_000_000, "of 50 MB about 2 are alive at the end")
	runtime.KeepAlive(l)
}
