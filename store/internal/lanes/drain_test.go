package lanes

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestDrainTakesAllThatIsThere, each room's writes in order, and no more.
func TestDrainTakesAllThatIsThere(t *testing.T) {
	q := New[numbered]()
	require.Empty(t, q.Drain())
	const rooms, each = 5, 100
	for n := range int64(each) {
		for room := range int64(rooms) {
			q.Push(room, numbered{room, n})
		}
	}
	q.Take(nil, 50)
	taken := make(map[int64]int64)
	all := q.Drain()
	require.Len(t, all, rooms*each-50)
	for _, o := range all {
		if next, seen := taken[o.room]; seen {
			require.Equal(t, next, o.n, "room %d", o.room)
		}
		taken[o.room] = o.n + 1
	}
	require.Zero(t, q.Waiting())
	require.Empty(t, q.lanes)
	q.Push(1, numbered{1, 0})
	require.Len(t, q.Take(nil, 10), 1, "the queue goes on")
}
