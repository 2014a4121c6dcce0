package postgres

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/store"
)

// TestGroupKeepsEachRoomsOrder places writes of all kinds at random, and reads
// back in which order PostgreSQL would run those of each room.
func TestGroupKeepsEachRoomsOrder(t *testing.T) {
	const seed, rooms = 11, 6
	rnd := rand.New(rand.NewPCG(seed, seed))
	for range 300 {
		var batch []op
		want := make(map[int64][]op)
		for range rnd.IntN(60) {
			o := anyWrite(rnd, int64(rnd.IntN(rooms)))
			batch = append(batch, o)
			want[o.room()] = append(want[o.room()], o)
		}
		g := newGroup(batch)
		require.True(t, slices.IsSorted(g.rooms), "locks in another order may deadlock")
		require.Len(t, g.rooms, len(want))
		got := make(map[int64][]op)
		for _, s := range g.statements {
			for _, o := range writesOf(s) {
				got[o.room()] = append(got[o.room()], o)
			}
		}
		require.Equal(t, want, got, "seed %d", seed)
	}
}

func anyWrite(rnd *rand.Rand, room int64) op {
	switch rnd.IntN(3) {
	case 0:
		return &posting{message: store.NewMessage{RoomID: room}}
	case 1:
		return &reading{roomID: room, messageID: rnd.Int64()}
	default:
		return &single[bool]{of: room}
	}
}

func writesOf(s statement) (ops []op) {
	switch s := s.(type) {
	case *postings:
		for _, p := range s.all {
			ops = append(ops, p)
		}
	case *readings:
		for _, r := range s.all {
			ops = append(ops, r)
		}
	case *single[bool]:
		ops = append(ops, s)
	}
	return ops
}

// TestGroupOfMessagesIsOneStatement, whatever rooms they are of, and so are the
// read markers between them.
func TestGroupOfMessagesIsOneStatement(t *testing.T) {
	var batch []op
	for room := range int64(100) {
		batch = append(batch, &posting{message: store.NewMessage{RoomID: room}}, &reading{roomID: room})
	}
	g := newGroup(batch)
	require.Len(t, g.statements, 2)
	require.Len(t, writesOf(g.statements[0]), 100)
	require.Len(t, writesOf(g.statements[1]), 100)
}
