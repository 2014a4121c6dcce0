package call_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/signaling/call"
)

func TestRelayAllocatesNothing(t *testing.T) {
	targets := map[string]call.Target{
		"to a user":  {UserID: 8},
		"to a peer":  {PeerID: []byte("p8")},
		"to the end": {UserID: 50, PeerID: []byte("p50")},
		"broadcast":  {},
	}
	for name, target := range targets {
		for _, typ := range []protocol.Type{protocol.TypeOffer, protocol.TypeAnswer, protocol.TypeICECandidate, protocol.TypeSignal} {
			t.Run(name+" "+string(typ), func(t *testing.T) {
				c := meeting(50)
				c.Step(call.Relay{Session: 1, Type: typ}) // grows what is reused, and begins the negotiations
				allocs := testing.AllocsPerRun(100, func() {
					actions := c.Step(call.Relay{Session: 1, Target: target, Type: typ})
					if f, ok := actions[0].(*call.Forward); !ok || len(f.To) == 0 {
						t.Error("the frame was not passed on")
					}
				})
				require.Zero(t, allocs, "allocations a relayed frame")
			})
		}
	}
}

// A relay that is rejected must not pass on what was lent to the one before.
func TestRejectedRelayForwardsNothing(t *testing.T) {
	c := meeting(3)
	c.Step(call.Relay{Session: 1})
	actions := c.Step(call.Relay{Session: 1, Target: call.Target{PeerID: []byte("p99")}})
	require.Equal(t, "s1 ← error peer_not_found: the target is no other peer of this call\n", render(actions))

	c.Step(call.Leave{Session: 2})
	require.Equal(t, "s3 ← frame from 1:user1 p1\n", render(c.Step(call.Relay{Session: 1})))
	require.Equal(t, "s1 ← frame from 3:user3 p3\n",
		render(c.Step(call.Relay{Session: 3, Target: call.Target{UserID: 1}})))
}
