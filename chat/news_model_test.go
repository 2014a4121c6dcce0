package chat

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/room"
)

// Whatever comes, goes, blinks and is told the state in between: when the news
// is out each session knows who is there, and heard of nothing that it knew.
func TestNewsAgainstAModel(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	rng := rand.New(rand.NewPCG(seed, 0))
	there := map[int64]bool{}
	knows := map[*room.Session]map[int64]bool{}
	silent := 0
	for range 3000 {
		var n news
		changed := map[int64]bool{}
		for range rng.IntN(12) {
			if rng.IntN(4) == 0 {
				s := new(room.Session)
				knows[s] = maps.Clone(there)
				n.told(s)
				continue
			}
			id := 1 + rng.Int64N(4)
			there[id] = !there[id]
			changed[id] = true
			n.add(&protocol.User{ID: id}, there[id])
		}
		told := map[int64]bool{}
		for i, c := range n.changes {
			if c.undone {
				continue
			}
			told[c.user.ID] = true
			knowing := n.knowing(i)
			for s, view := range knows {
				if slices.Contains(knowing, s) {
					continue
				}
				require.NotEqual(t, c.online, view[c.user.ID], "a session knew already; seed %d", seed)
				view[c.user.ID] = c.online
			}
		}
		for _, view := range knows {
			for id := range int64(5) {
				require.Equal(t, there[id], view[id], "user %d; seed %d", id, seed)
			}
		}
		silent += len(changed) - len(told)
		for s := range knows {
			if len(knows) > 5 {
				delete(knows, s)
			}
		}
	}
	require.Positive(t, silent, "blinks were told of")
}
