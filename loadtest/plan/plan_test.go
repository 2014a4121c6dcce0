package plan_test

import (
	"encoding/json"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"parley/loadtest/calls"
	"parley/loadtest/chat"
	"parley/loadtest/idle"
	"parley/loadtest/plan"
	"parley/loadtest/scenario"
	"parley/loadtest/storm"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Every kind of load survives being sent, and can be shared.
func TestAnyLoadCanBeSentAndShared(t *testing.T) {
	talk, rest, lost := chat.Defaults(), idle.Defaults(), storm.Defaults()
	talk.Sources = []netip.Addr{netip.MustParseAddr("127.0.0.9")}
	call, err := calls.New(calls.Config{Calls: 10, Rate: 3, Duration: time.Minute, Media: true})
	require.NoError(t, err)
	mixed, err := scenario.Parse([]byte("loads: {chat: {rooms: 30}}\nphases: [{duration: 1m, weights: {chat: 2}}]\n"))
	require.NoError(t, err)
	for _, options := range []any{talk, rest, lost, call.Config(), mixed} {
		whole, err := plan.Of(options)
		require.NoError(t, err)
		b, err := json.Marshal(whole)
		require.NoError(t, err)
		var came plan.Plan
		require.NoError(t, json.Unmarshal(b, &came))
		require.Equal(t, whole, came, "%T", options)
		for i := range 3 {
			came.Share = scenario.Share{Index: i, Of: 3}
			load, err := came.Load([]netip.Addr{netip.MustParseAddr("127.0.0.2")})
			require.NoError(t, err, "%T", options)
			require.NotNil(t, load)
		}
	}
}

// What calls are shared into is seen from outside: it is in their configuration.
func TestCallsAreSharedInFull(t *testing.T) {
	all := plan.Plan{Calls: &calls.Config{Calls: 11, Concurrency: 5, Rate: 6, Duration: time.Minute}}
	n, atOnce, rate := 0, 0, 0.0
	for i := range 4 {
		all.Share = scenario.Share{Index: i, Of: 4}
		load, err := all.Load(nil)
		require.NoError(t, err)
		c := load.(*calls.Load).Config()
		n, atOnce, rate = n+c.Calls, atOnce+c.Concurrency, rate+c.Rate
	}
	require.Equal(t, []int{11, 5}, []int{n, atOnce})
	require.InDelta(t, 6, rate, 1e-9)
	require.Equal(t, 11, all.Calls.Calls, "the plan stays as it is")
}

func TestPlansThatCannotBe(t *testing.T) {
	few := chat.Defaults()
	few.Rooms = 2
	for want, p := range map[string]plan.Plan{
		"no load that is known":          {},
		"there is no share 3 of 3":       {Chat: &few, Share: scenario.Share{Index: 3, Of: 3}},
		"there is no share 0 of -1":      {Chat: &few, Share: scenario.Share{Of: -1}},
		"2 rooms are too few":            {Chat: &few, Share: scenario.Share{Index: 0, Of: 9}},
		"2 calls, 0 of them at once, ar": {Calls: &calls.Config{Calls: 2}, Share: scenario.Share{Index: 0, Of: 9}},
		"want one or more of sockets":    {Idle: &idle.Options{Hold: 1, Patience: 1}},
	} {
		_, err := p.Load(nil)
		require.ErrorContains(t, err, want)
	}
	_, err := plan.Of(7)
	require.ErrorContains(t, err, "int")
}
