package recent_test

import (
	"runtime"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"weak"

	"github.com/stretchr/testify/require"

	"parley/internal/recent"
)

const keep = 10 * time.Second

// seat rests on the right of that person there, and on the table.
type seat struct{ table, person int }

type seats = recent.Facts[seat, string, seat]

func newSeats(most int) *seats {
	return recent.New(most, keep, func(s seat, _ string) [2]seat { return [2]seat{s, {table: s.table}} })
}

func put(f *seats, s seat, value string) { f.Put(s, value, f.Begin()) }

func requireKept(t *testing.T, f *seats, s seat, want string) {
	t.Helper()
	got, ok := f.Get(s)
	require.True(t, ok, "%v is not remembered", s)
	require.Equal(t, want, got)
}

func requireGone(t *testing.T, f *seats, s seat) {
	t.Helper()
	got, ok := f.Get(s)
	require.False(t, ok, "%v is remembered", s)
	require.Empty(t, got)
}

func TestRemembersForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newSeats(100)
		requireGone(t, f, seat{1, 1})
		put(f, seat{1, 1}, "ann")
		time.Sleep(keep/2 - 1)
		put(f, seat{1, 2}, "bob")
		time.Sleep(keep / 2)
		requireKept(t, f, seat{1, 1}, "ann")
		requireKept(t, f, seat{1, 2}, "bob")
		put(f, seat{1, 1}, "ann again")
		requireKept(t, f, seat{1, 1}, "ann again")
		time.Sleep(2 * time.Nanosecond)
		requireGone(t, f, seat{1, 2})
		requireKept(t, f, seat{1, 1}, "ann again")
		time.Sleep(keep)
		requireGone(t, f, seat{1, 1})
		put(f, seat{1, 1}, "much later")
		requireKept(t, f, seat{1, 1}, "much later")
	})
}

// What nobody asks for again is not kept in memory either.
func TestForgetsByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := recent.New(100, keep, func(k int, _ *[64]byte) [2]int { return [2]int{k, -k} })
		value := &[64]byte{}
		held := weak.Make(value)
		f.Put(1, value, f.Begin())
		runtime.GC()
		require.NotNil(t, held.Value())
		runtime.KeepAlive(value)
		time.Sleep(keep + 1)
		runtime.GC()
		require.Nil(t, held.Value(), "still referred to")
		_, ok := f.Get(1)
		require.False(t, ok)
	})
}

func TestAnEndingIsFeltAtOnce(t *testing.T) {
	f := newSeats(100)
	for _, s := range []seat{{1, 1}, {1, 2}, {2, 1}} {
		put(f, s, "x")
	}
	f.End(seat{1, 1})
	requireGone(t, f, seat{1, 1})
	requireKept(t, f, seat{1, 2}, "x")
	requireKept(t, f, seat{2, 1}, "x")
	f.End(seat{table: 1})
	requireGone(t, f, seat{1, 2})
	requireKept(t, f, seat{2, 1}, "x")

	put(f, seat{1, 1}, "given again")
	requireKept(t, f, seat{1, 1}, "given again")
	f.End(seat{1, 1})
	requireGone(t, f, seat{1, 1})
}

// A look-up that began before an ending may have found what no longer is.
func TestLookUpsUnderWayAreNotRemembered(t *testing.T) {
	for name, right := range map[string]seat{"its own": {1, 1}, "the table's": {table: 1}} {
		t.Run(name, func(t *testing.T) {
			f := newSeats(100)
			slow, other := f.Begin(), f.Begin()
			f.End(right)
			quick := f.Begin()
			f.Put(seat{1, 1}, "old", slow)
			requireGone(t, f, seat{1, 1})
			f.Put(seat{2, 2}, "of no concern", other)
			requireKept(t, f, seat{2, 2}, "of no concern")
			f.Put(seat{1, 1}, "new", quick)
			f.Put(seat{1, 1}, "old", slow)
			requireKept(t, f, seat{1, 1}, "new")
		})
	}
}

// However slow it is: the note of the ending may be forgotten by then.
func TestVerySlowLookUpsAreNotRemembered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, wait := range []time.Duration{0, keep / 2, keep, 2 * keep, 100 * keep} {
			f := newSeats(100)
			put(f, seat{9, 9}, "turns the generations")
			slow := f.Begin()
			f.End(seat{1, 1})
			time.Sleep(wait + 1)
			f.Put(seat{1, 1}, "old", slow)
			requireGone(t, f, seat{1, 1})
			put(f, seat{1, 1}, "new")
			requireKept(t, f, seat{1, 1}, "new")
		}
	})
}

func TestKeepsNoMoreThanItsBound(t *testing.T) {
	const most = 64
	f := newSeats(most)
	var kept []int
	for i := range 10 * most {
		put(f, seat{i, i}, strconv.Itoa(i))
	}
	for i := range 10 * most {
		if got, ok := f.Get(seat{i, i}); ok {
			require.Equal(t, strconv.Itoa(i), got)
			kept = append(kept, i)
		}
	}
	require.LessOrEqual(t, len(kept), most)
	require.GreaterOrEqual(t, len(kept), most/2)
	require.Equal(t, 10*most-len(kept), kept[0], "the newest are kept")
}

// More endings than can be noted make it forget facts, never keep a wrong one.
func TestEndingsAreBoundedToo(t *testing.T) {
	const most = 64
	f := newSeats(most)
	put(f, seat{1, 1}, "x")
	put(f, seat{2, 2}, "of no concern")
	slow := f.Begin()
	f.End(seat{1, 1})
	for i := range 10 * most {
		f.End(seat{100, 1 + i})
		requireGone(t, f, seat{1, 1})
		f.Put(seat{1, 1}, "old", slow)
		requireGone(t, f, seat{1, 1})
	}
	requireGone(t, f, seat{2, 2})
	put(f, seat{1, 1}, "new")
	requireKept(t, f, seat{1, 1}, "new")
}

func TestAtOnce(t *testing.T) {
	f := newSeats(64)
	var truth [8]struct {
		sync.RWMutex
		in bool
	}
	var wg sync.WaitGroup
	for worker := range 4 {
		wg.Go(func() {
			for i := range 2000 {
				n := (i + worker) % len(truth)
				s, at := seat{1, 1 + n}, &truth[n]
				if i%5 == worker {
					at.Lock()
					at.in = !at.in
					at.Unlock()
					f.End(s)
					continue
				}
				mark := f.Begin()
				at.RLock()
				in := at.in
				at.RUnlock()
				if in {
					f.Put(s, "in", mark)
				}
				f.Get(s)
			}
		})
	}
	wg.Wait()
	for n := range truth {
		if _, ok := f.Get(seat{1, 1 + n}); ok {
			require.True(t, truth[n].in, "remembered as in, and is out")
		}
	}
}

func TestAskingDoesNotAllocate(t *testing.T) {
	f := newSeats(100)
	put(f, seat{1, 1}, "x")
	require.Zero(t, testing.AllocsPerRun(100, func() { f.Get(seat{1, 1}); f.Get(seat{2, 2}) }))
	f.End(seat{3, 3})
	put(f, seat{1, 1}, "y")
	f.End(seat{2, 1})
	require.Zero(t, testing.AllocsPerRun(100, func() { f.Get(seat{1, 1}) }), "with endings to look through")
}

func BenchmarkGet(b *testing.B) {
	f := newSeats(1 << 16)
	for i := range 10_000 {
		put(f, seat{i, i}, "x")
	}
	for name, end := range map[string]bool{"quiet": false, "after an ending": true} {
		b.Run(name, func(b *testing.B) {
			if end {
				f.End(seat{-1, -1})
			}
			b.ReportAllocs()
			for i := range b.N {
				f.Get(seat{i % 10_000, i % 10_000})
			}
		})
	}
}
