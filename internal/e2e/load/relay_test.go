package load

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/configs"
	"parley/internal/servers"
	"parley/loadtest/calls"
)

// With relays only, all goes through the TURN server, with the credentials that the
// node gives; and it is not waited for anything better.
func TestPairsCallEachOtherThroughRelaysOnly(t *testing.T) {
	t.Parallel()
	const secret = "north"
	relay := servers.TURN(t, secret)
	node := startNode(t, func(c *configs.Config) {
		c.TURN = configs.TURN{
			ICEServers: []configs.ICEServer{{URLs: []string{"turn:" + relay + "?transport=udp"}}}, Secret: secret, TTL: time.Hour,
		}
	})
	got := call(t, node, calls.Config{Calls: 3, Media: true, RelayOnly: true, Hold: 300 * time.Millisecond})
	requireDone(t, got, map[string]int64{
		calls.StageICE: 3, calls.StageDTLS: 3, calls.StageConnect: 3, calls.StageRTP: 6, calls.StageCall: 3,
	})
	require.EqualValues(t, 3, got.Counters["candidates.relay-relay"]+got.Counters["candidates.relay-prflx"]+
		got.Counters["candidates.prflx-relay"], "%v", got.Counters)
}
