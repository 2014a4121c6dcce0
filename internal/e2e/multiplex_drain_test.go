package e2e

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/configs"
	"parley/loadtest/client"
	"parley/protocol"
)

// Every socket is told once when to come back, however many rooms it has, and so
// that the next node is not overrun.
func TestStopSpreadsThoseWhoComeBack(t *testing.T) {
	t.Parallel()
	const rate = 4
	rooms := severalOn(t, startNode(t, func(c *configs.Config) { c.Drain.Rate = rate }), 5, "ann", "bob")
	var sockets []*client.Socket
	for range 6 {
		k := openAll(t, rooms[0].users[0])
		for _, c := range rooms {
			subscribe(t, k, c.room.ID, protocol.ChannelChat, protocol.ChannelCall)
		}
		sockets = append(sockets, k, openAll(t, rooms[0].users[1]))
	}
	for _, c := range rooms {
		sockets = append(sockets, c.joined(t, 0), c.joined(t, 1), callSocket(t, c.users[0], c.room.ID).Socket)
	}
	for _, k := range sockets {
		settled(t, k)
	}
	rooms[0].stop(t)
	slots := make([]int64, 0, len(sockets))
	for _, k := range sockets {
		before, r := farewell(t, k)
		require.Zero(t, count(before, protocol.TypeReconnect), "once, and not for each subscription")
		require.Zero(t, count(before, protocol.TypeUnsubscribed))
		require.Zero(t, count(before, protocol.TypeUserLeft)+count(before, protocol.TypeUserOffline), "a restart is no leave")
		slots = append(slots, r.RetryAfterMS)
	}
	slices.Sort(slots)
	for i := range slots[rate:] {
		require.GreaterOrEqual(t, slots[i+rate]-slots[i], int64(1000), "more than %d in a second: %v", rate, slots)
	}
}
