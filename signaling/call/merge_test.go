package call_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/signaling/call"
)

// Of two peers of a user, on nodes that could not reach each other, that one stays to
// which its client came last, also where it has joined long before the other.
func TestTheLatestPeerOfAUserStays(t *testing.T) {
	user := protocol.User{ID: 7, Username: "alice"}
	here, there := call.Config{Boot: "n1"}, call.Config{Boot: "n2"}
	first := call.From(here, call.Roster{ID: "1"})
	first.Step(call.Connect{Session: 1, User: user, PeerID: "p1", Conn: "c1"})
	first.Step(call.Join{Session: 1, At: 100})
	known := first.Roster() // to both

	first.Step(call.Leave{Session: 1})
	first.Step(call.Join{Session: 1, NextPeerID: "p2", At: 200})

	second := call.From(there, known)
	second.Step(call.Connect{Session: 2, User: user, PeerID: "p3", Conn: "c2"})
	second.Step(call.Join{Session: 2, Formerly: "c1", At: 300})
	merged := call.Merge(there, call.Split{Found: call.Roster{ID: "1"}, Mine: second.Roster()})
	require.Equal(t, []string{"p1"}, peersOf(merged))
	require.Equal(t, []string{"p1"}, peersOf(call.Merge(here, call.Split{Found: merged, Mine: first.Roster()})))
	require.Equal(t, []string{"p2"}, peersOf(call.Merge(here, call.Split{Found: known, Mine: first.Roster()})))
}

func peersOf(r call.Roster) (all []string) {
	for _, m := range r.Members {
		if m.IsPeer() {
			all = append(all, m.PeerID)
		}
	}
	return all
}
