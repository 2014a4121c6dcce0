package ledgertest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/ledger"
)

// Space is what several nodes share, as a back end provides it.
type Space struct {
	// Open gives one more node access.
	Open func(t *testing.T) ledger.Ledger
	// Advance lets time pass for all documents.
	Advance func(d time.Duration)
	// Clock tells the time as the ledger knows it.
	Clock func(t *testing.T) time.Time
	// Lose empties what the documents are kept in.
	Lose func(t *testing.T)
}

// day is a time to live that no test outlasts.
const day = 24 * time.Hour

// Run proves the contract of ledger.Ledger, each part in a space of its own.
// open makes an empty space that is gone when the test ends.
func Run(t *testing.T, open func(t *testing.T) Space) {
	for _, part := range []struct {
		name string
		test func(*testing.T, *nodes)
	}{
		{"swap stores for every node", stores},
		{"swap refuses another version", refuses},
		{"empty value removes", removes},
		{"keys are apart", keysApart},
		{"any key and value can be kept", anyValues},
		{"large values can be kept", largeValues},
		{"load all keeps the order of keys", loadsAll},
		{"values are the ledger's own", ownValues},
		{"documents end with their ttl", ends},
		{"swap begins the ttl anew", extends},
		{"versions only grow", grows},
		{"versions grow from the clock", growsFromClock},
		{"versions grow after all was lost", growsAfterLoss},
		{"of concurrent swaps one wins each version", oneWins},
		{"of concurrent first swaps and removals one wins", oneBegins},
		{"obeys its context", obeysContext},
		{"close refuses what follows", closeRefuses},
		{"answers a ping", answersPing},
	} {
		t.Run(part.name, func(t *testing.T) {
			space := open(t)
			part.test(t, &nodes{space: space, a: space.Open(t), b: space.Open(t)})
		})
	}
}

// nodes is a space and two who have access to it.
type nodes struct {
	space Space
	a, b  ledger.Ledger
}

// put swaps, which must succeed, and returns the new version.
func (n *nodes) put(t *testing.T, by ledger.Ledger, key string, was int64, value string, ttl time.Duration) int64 {
	t.Helper()
	now, stored, err := by.Swap(t.Context(), key, was, []byte(value), ttl)
	require.NoError(t, err)
	require.True(t, stored, "swap of %q from version %d: it is at %d", key, was, now.Version)
	require.Equal(t, value, string(now.Value))
	if value == "" {
		require.Zero(t, now.Version)
	} else {
		require.Greater(t, now.Version, was)
	}
	return now.Version
}

// holds requires that both nodes see the document, or with version 0 none.
func (n *nodes) holds(t *testing.T, key string, version int64, value string) {
	t.Helper()
	for _, by := range []ledger.Ledger{n.a, n.b} {
		d, err := by.Load(t.Context(), key)
		require.NoError(t, err)
		require.Equal(t, version, d.Version, "version of %q", key)
		require.Equal(t, value, string(d.Value), "value of %q", key)
	}
}
