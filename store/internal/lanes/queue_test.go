package lanes

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// numbered is the n-th write of its room.
type numbered struct{ room, n int64 }

// TestQueueKeepsEachRoomsOrder compares with what a queue per room would give,
// over pushes and takes at random.
func TestQueueKeepsEachRoomsOrder(t *testing.T) {
	const seed, rooms = 7, 20
	rnd := rand.New(rand.NewPCG(seed, seed))
	q := New[numbered]()
	pushed, taken := make([]int64, rooms), make([]int64, rooms)
	var batch []numbered
	waiting := 0
	for range 5000 {
		for range rnd.IntN(40) {
			room := int64(rnd.IntN(rooms))
			if rnd.IntN(2) == 0 {
				room = 3 // a flood
			}
			require.True(t, q.Push(room, numbered{room, pushed[room]}))
			pushed[room]++
			waiting++
		}
		require.Equal(t, waiting, q.Waiting())
		if waiting == 0 {
			continue
		}
		limit := 1 + rnd.IntN(60)
		batch = q.Take(batch, limit)
		require.Len(t, batch, min(limit, waiting))
		waiting -= len(batch)
		for _, o := range batch {
			require.Equal(t, taken[o.room], o.n, "room %d, seed %d", o.room, seed)
			taken[o.room]++
		}
	}
	require.True(t, q.Close())
	require.False(t, q.Push(1, numbered{}))
	for waiting > 0 {
		batch = q.Take(batch, 100)
		waiting -= len(batch)
	}
	require.Empty(t, q.Take(batch, 100))
	require.Empty(t, q.lanes)
	require.False(t, q.Close())
}

// TestQueueServesRoomsInTurn lets one room flood the queue before others come.
func TestQueueServesRoomsInTurn(t *testing.T) {
	q := New[numbered]()
	for n := range int64(10_000) {
		q.Push(1, numbered{1, n})
	}
	for room := int64(2); room <= 4; room++ {
		q.Push(room, numbered{room, 0})
	}
	var rooms []int64
	for _, o := range q.Take(nil, 3*laneTurn) {
		if len(rooms) == 0 || rooms[len(rooms)-1] != o.room {
			rooms = append(rooms, o.room)
		}
	}
	require.Equal(t, []int64{1, 2, 3, 4, 1}, rooms)
}

// TestBatchGrowsWithTheQueue: up to what is asked for.
func TestBatchGrowsWithTheQueue(t *testing.T) {
	q := New[numbered]()
	for _, c := range []struct{ waiting, want int }{
		{1, 1}, {usualBatch, usualBatch}, {16*usualBatch - 1, usualBatch}, {4000, 250}, {10_000, 512},
	} {
		for q.Waiting() < c.waiting {
			q.Push(int64(q.Waiting()%10), numbered{})
		}
		require.Len(t, q.Take(nil, 512), c.want, "of %d", c.waiting)
	}
}

// TestQueueDoesNotAllocate: lanes and batches are used again.
func TestQueueDoesNotAllocate(t *testing.T) {
	q := New[numbered]()
	ops := make([]numbered, 64)
	for i := range ops {
		ops[i] = numbered{int64(i % 8), int64(i)}
	}
	batch := make([]numbered, 0, len(ops))
	turn := func() {
		for i, o := range ops {
			q.Push(int64(i%8), o)
		}
		batch = q.Take(batch, len(ops))
	}
	turn()
	require.Zero(t, testing.AllocsPerRun(100, turn))
}
