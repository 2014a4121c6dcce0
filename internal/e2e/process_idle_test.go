package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
	"parley/protocol"
)

// processIdle counts what an idle socket is given: a descriptor, and no
// goroutine.
func processIdle(t *testing.T, binary string) {
	const sockets = 300
	p := serving(t, binary, t.TempDir())
	users := signUp(t, p.Server, "ann")
	room := meet(t, users...)

	before := scrape(t, p.admin)
	var open []*client.Socket
	for range sockets {
		k, err := users[0].OpenChat(within(t), room.ID)
		require.NoError(t, err)
		open = append(open, k)
	}
	for _, k := range open {
		await[protocol.PresenceState](t, k, protocol.TypePresenceState)
	}
	after := scrape(t, p.admin)
	require.InDelta(t, before.value(t, "parley_connections")+sockets, after.value(t, "parley_connections"), 0)
	require.Less(t, after.value(t, "go_goroutines")-before.value(t, "go_goroutines"), sockets/10.0,
		"goroutines that %d idle sockets brought", sockets)
	for _, k := range open {
		require.NoError(t, k.Close())
	}
	p.terminate(t)
}
