package sqlite

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// numbered is the n-th write of its room.
type numbered struct{ room, n int64 }

func (numbered) run(context.Context, *tx) error { return nil }
func (numbered) finish(error)                   {}

// TestQueueKeepsEachRoomsOrder compares with what a queue per room would give,
// over pushes and takes at random.
func TestQueueKeepsEachRoomsOrder(t *testing.T) {
	const seed, rooms = 7, 20
	rnd := rand.New(rand.NewPCG(seed, seed))
	q := newQueue()
	pushed, taken := make([]int64, rooms), make([]int64, rooms)
	var batch []op
	waiting := 0
	for range 5000 {
		for range rnd.IntN(40) {
			room := int64(rnd.IntN(rooms))
			if rnd.IntN(2) == 0 {
				room = 3 // a flood
			}
			require.True(t, q.push(room, numbered{room, pushed[room]}))
			pushed[room]++
			waiting++
		}
		require.Equal(t, waiting, q.waiting())
		if waiting == 0 {
			continue
		}
		limit := 1 + rnd.IntN(60)
		batch = q.take(batch, limit)
		require.Len(t, batch, min(limit, waiting))
		waiting -= len(batch)
		for _, o := range batch {
			got, ok := o.(numbered)
			require.True(t, ok)
			require.Equal(t, taken[got.room], got.n, "room %d, seed %d", got.room, seed)
			taken[got.room]++
		}
	}
	require.True(t, q.close())
	require.False(t, q.push(1, numbered{}))
	for waiting > 0 {
		batch = q.take(batch, 100)
		waiting -= len(batch)
	}
	require.Empty(t, q.take(batch, 100))
	require.Empty(t, q.lanes)
	require.False(t, q.close())
}

// TestQueueServesRoomsInTurn lets one room flood the queue before others come.
func TestQueueServesRoomsInTurn(t *testing.T) {
	q := newQueue()
	for n := range int64(10_000) {
		q.push(1, numbered{1, n})
	}
	for room := int64(2); room <= 4; room++ {
		q.push(room, numbered{room, 0})
	}
	var rooms []int64
	for _, o := range q.take(nil, 3*laneTurn) {
		got, ok := o.(numbered)
		require.True(t, ok)
		if len(rooms) == 0 || rooms[len(rooms)-1] != got.room {
			rooms = append(rooms, got.room)
		}
	}
	require.Equal(t, []int64{1, 2, 3, 4, 1}, rooms)
}

// TestBatchGrowsWithTheQueue: up to what is asked for.
func TestBatchGrowsWithTheQueue(t *testing.T) {
	q := newQueue()
	for _, c := range []struct{ waiting, want int }{
		{1, 1}, {usualBatch, usualBatch}, {16*usualBatch - 1, usualBatch}, {4000, 250}, {10_000, 512},
	} {
		for q.waiting() < c.waiting {
			q.push(int64(q.waiting()%10), numbered{})
		}
		require.Len(t, q.take(nil, 512), c.want, "of %d", c.waiting)
	}
}

// TestQueueDoesNotAllocate: lanes and batches are used again.
func TestQueueDoesNotAllocate(t *testing.T) {
	q := newQueue()
	ops := make([]op, 64)
	for i := range ops {
		ops[i] = numbered{int64(i % 8), int64(i)}
	}
	batch := make([]op, 0, len(ops))
	turn := func() {
		for i, o := range ops {
			q.push(int64(i%8), o)
		}
		batch = q.take(batch, len(ops))
	}
	turn()
	require.Zero(t, testing.AllocsPerRun(100, turn))
}
