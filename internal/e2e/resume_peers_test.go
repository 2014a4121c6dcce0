package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/faults"
	"parley/loadtest/peer"
	"parley/protocol"
)

func returning(c *peer.Config) { c.Return = true }

// Two peers lose their signaling twenty times, and their media connection does not
// notice.
func TestPeersKeepTheirConnectionThroughCuts(t *testing.T) {
	t.Parallel()
	const cuts = 20
	n := startNode(t, resumable(patience))
	users := signUp(t, n.Server, "ann", "bob", "cid")
	room := meet(t, users...)
	watching := newTranscript()
	cid := enter(t, users[2], room.ID, observed(watching))
	far := []*distant{away(t, users[0]), away(t, users[1])}
	ann := enter(t, far[0].User, room.ID, returning, withMedia)
	bob := enter(t, far[1].User, room.ID, returning, withMedia)
	peers := []*peer.Peer{ann, bob}
	pair := connect(t, ann, bob)[0]
	linkTo(t, cid, ann)
	linkTo(t, cid, bob)
	ids := []string{ann.ID(), bob.ID()}
	path, gathered := pair[0].Path(), [2]int{pair[0].Status().Gatherings, pair[1].Status().Gatherings}
	require.NotEmpty(t, path)

	welcomes := [2]int{1, 1}
	for i := range cuts {
		who, how := i%2, losses()[i%len(losses())]
		how.do(far[who].proxy.Current())
		welcomes[who]++
		w, err := peers[who].Session().Welcomed(within(t), welcomes[who])
		require.NoError(t, err)
		require.True(t, w.Resumed, "after cut %d: %s", i, how.name)
		if i == cuts/2 { // and through a negotiation whose offer is torn
			c := far[0].proxy.Current()
			c.At(faults.Up, 1, faults.Middle, c.Cut)
			welcomes[0]++
			offers := pair[0].Status().Answers
			pair[0].Renegotiate()
			require.NoError(t, pair[0].Await(within(t), func(s peer.Status) bool { return s.Answers > offers }))
		}
		talk(t, pair, 20)
		hear(t, pair, 2)
	}
	require.Equal(t, path, pair[0].Path())
	for i, l := range pair {
		require.Equal(t, gathered[i], l.Status().Gatherings, "no candidates are gathered anew")
		require.Zero(t, l.Status().Restarts)
		require.Contains(t, peers[i].Links(), l)
		require.Equal(t, ids[i], peers[i].ID())
	}
	require.Zero(t, watching.count(protocol.TypeUserLeft))
}
