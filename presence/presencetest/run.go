package presencetest

import (
	"testing"
	"time"

	"parley/presence"
)

// Space is what several nodes share, as a back end provides it.
type Space struct {
	// Lease is how long a node's lease lasts without Renew.
	Lease time.Duration
	// Join opens the registry of one more node. Its lease begins.
	Join func(t *testing.T, n presence.Node) presence.Registry
	// Advance lets time pass for all leases.
	Advance func(d time.Duration)
	// Lose empties what the space is kept in.
	Lose func(t *testing.T)
}

// Run proves the contract of presence.Registry, each part in a space of its
// own. open makes an empty space that is gone, with its nodes, when the test
// ends.
func Run(t *testing.T, open func(t *testing.T) Space) {
	for _, part := range []struct {
		name string
		test func(*testing.T, *nodes)
	}{
		{"enter shows on every node", enterShows},
		{"enter twice is one entry", enterTwice},
		{"enter again updates the user", enterUpdates},
		{"leave takes the entry away", leaveTakesAway},
		{"leave takes one node's entry only", leaveIsPerNode},
		{"leave without enter is no error", leaveAbsent},
		{"enter and leave take turns", turns},
		{"rooms are apart", roomsApart},
		{"online is ordered by user and node", onlineOrdered},
		{"any user and room can be kept", anyValues},
		{"lease runs out", leaseRunsOut},
		{"enter does not extend the lease", enterDoesNotExtend},
		{"renew extends the lease", renewExtends},
		{"renew extends its own node's lease only", renewIsPerNode},
		{"renew reports a lapse once", renewReportsLapse},
		{"lapsed node enters again", entersAgain},
		{"lapsed node may leave", lapsedLeaves},
		{"nodes are those with a lease", nodesAlive},
		{"restarted node is another holder", restarts},
		{"paused node comes back", pauses},
		{"paused node is told of what it entered late", pausesAndEnters},
		{"lost data is entered again", losesAll},
		{"lost data is noticed though the node goes on entering", losesAndEnters},
		{"reap leaves the living alone", reapSparesLiving},
		{"reap hands out the dead", reapHandsOut},
		{"reap hands out what is entered under a lapsed lease", reapLateEntry},
		{"reap hands each entry to one caller", reapOnce},
		{"reap and enter do not get in each other's way", reapWhileEntering},
		{"close removes the node's entries", closeRemoves},
		{"close refuses what follows", closeRefuses},
		{"close may be repeated", closeRepeats},
		{"closed node can join again", joinsAgain},
		{"obeys its context", obeysContext},
		{"answers a ping", answersPing},
		{"serves any goroutine", servesAnyGoroutine},
	} {
		t.Run(part.name, func(t *testing.T) {
			part.test(t, &nodes{space: open(t), of: make(map[string]presence.Registry)})
		})
	}
}
