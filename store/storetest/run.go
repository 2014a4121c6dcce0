package storetest

import (
	"testing"

	"parley/store"
)

// Run tests a back end. Open must return a new, empty store at each call, and
// fail the test if it cannot; Run closes it.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	groups := []struct {
		name  string
		tests []subtest
	}{
		{"Users", userTests()},
		{"Tokens", tokenTests()},
		{"Tickets", ticketTests()},
		{"Rooms", roomTests()},
		{"RoomViews", viewTests()},
		{"Participants", participantTests()},
		{"Post", postTests()},
		{"Idempotence", idempotenceTests()},
		{"Standing", standingTests()},
		{"Order", orderTests()},
		{"Change", changeTests()},
		{"ReadMarkers", markerTests()},
		{"Unread", unreadTests()},
		{"Inboxes", inboxTests()},
		{"History", historyTests()},
		{"Changed", changedTests()},
		{"MissedCalls", missedTests()},
		{"Standings", standingsTests()},
		{"Text", textTests()},
		{"Race", raceTests()},
		{"Lifecycle", lifecycleTests()},
	}
	for _, group := range groups {
		t.Run(group.name, func(t *testing.T) {
			for _, test := range group.tests {
				t.Run(test.name, func(t *testing.T) { test.run(newFixture(t, open)) })
			}
		})
	}
}

// subtest is one test of the suite, in a store of its own.
type subtest struct {
	name string
	run  func(f *fixture)
}
