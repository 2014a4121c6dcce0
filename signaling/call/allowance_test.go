package call_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/protocol"
	"parley/signaling/call"
)

// allowance is of most bytes; 0: it only counts.
type allowance struct{ used, most int }

func (a *allowance) Take(bytes int) bool {
	if a.most > 0 && a.used+bytes > a.most {
		return false
	}
	a.used += bytes
	return true
}

func (a *allowance) Give(bytes int) { a.used -= bytes }

// What is parked in several calls is bounded together, and what was parked is
// given back however it ends.
func TestAllCallsShareAnAllowance(t *testing.T) {
	shared := &allowance{most: 100}
	calls := make([]*call.Call, 2)
	for i := range calls {
		calls[i] = call.New(call.Config{Node: shared})
		for s := call.SessionID(1); s <= 2; s++ {
			calls[i].Step(call.Connect{Session: s, User: protocol.User{ID: int64(s)}, PeerID: string(rune('a' + s))})
			calls[i].Step(call.Join{Session: s})
		}
		calls[i].Step(call.Suspend{Session: 2, Until: time.Unix(1, 0)})
	}
	frame := call.FrameID(0)
	relay := func(c *call.Call, typ protocol.Type, bytes int) string {
		frame++
		return render(c.Step(call.Relay{Session: 1, Target: call.Target{UserID: 2}, Type: typ, Frame: frame, Bytes: bytes}))
	}
	require.NotContains(t, relay(calls[0], protocol.TypeSignal, 60), "unavailable")
	require.Contains(t, relay(calls[1], protocol.TypeSignal, 60), "unavailable")
	require.NotContains(t, relay(calls[1], protocol.TypeOffer, 40), "unavailable")
	require.Equal(t, 100, shared.used)
	calls[0].Step(call.Resume{Session: 2})
	require.Equal(t, 40, shared.used, "what was delivered is given back")
	require.NotContains(t, relay(calls[1], protocol.TypeOffer, 30), "unavailable")
	require.Equal(t, 30, shared.used, "what was superseded too")
	calls[1].Step(call.Disconnect{Session: 2, Reason: protocol.LeaveTimeout})
	require.Zero(t, shared.used, "and what expired")
}
