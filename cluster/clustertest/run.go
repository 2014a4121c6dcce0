package clustertest

import (
	"testing"

	"parley/cluster"
)

// Open links two nodes by a medium that nobody else uses, and sees to it that
// both are closed and the medium is gone when the test ends.
type Open func(t *testing.T) (a, b cluster.Bus)

// Run proves the contract of cluster.Bus, each part with buses of its own.
func Run(t *testing.T, open Open) {
	for _, part := range []struct {
		name string
		test func(*testing.T, Open)
	}{
		{"reaches both nodes", reachesBothNodes},
		{"reaches every subscription", reachesEverySubscription},
		{"carries any payload", carriesAnyPayload},
		{"keeps the order of each publisher", keepsOrder},
		{"keeps topics apart", keepsTopicsApart},
		{"serves many topics", servesManyTopics},
		{"keeps nothing for the absent", keepsNothing},
		{"cancel ends one subscription", cancelEndsOne},
		{"cancel may be repeated", cancelRepeats},
		{"cancel is final while others publish", cancelIsFinal},
		{"subscribes again", subscribesAgain},
		{"close ends all subscriptions", closeEndsAll},
		{"close refuses what follows", closeRefuses},
		{"close may be repeated", closeRepeats},
		{"close is final while others publish", closeIsFinal},
		{"obeys its context", obeysContext},
		{"context of Subscribe bounds the call only", contextBoundsCall},
		{"answers a ping", answersPing},
		{"serves any goroutine", servesAnyGoroutine},
		{"post reaches both nodes", postReachesBothNodes},
		{"posts keep their order", postsKeepOrder},
		{"a handler may post", handlerMayPost},
		{"a closed bus takes no post", closedTakesNoPost},
		{"follow carries once it is live", followCarries},
		{"follows one topic more than once", followsTwice},
		{"follow may be cancelled from anywhere", followCancels},
		{"close ends what follows", closeEndsFollow},
		{"a closed bus follows nothing", closedFollowsNothing},
	} {
		t.Run(part.name, func(t *testing.T) { part.test(t, open) })
	}
}
