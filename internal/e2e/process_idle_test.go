package e2e

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/loadtest/client"
	"parley/protocol"
)

// processIdle counts what an idle socket is given: a descriptor, and no
// goroutine.
func processIdle(t *testing.T, binary string) {
	p := serving(t, binary, t.TempDir())
	holdIdle(t, p)
	p.terminate(t)
}

// processTLS does so under TLS, and renews the certificate as an operator does.
func processTLS(t *testing.T, binary string) {
	dir := t.TempDir()
	cert, key, roots := certificate(t, dir)
	p := serving(t, binary, t.TempDir(), "PARLEY_HTTP_TLS_CERT="+cert, "PARLEY_HTTP_TLS_KEY="+key)
	p.HTTP = trusting(t, roots)
	holdIdle(t, p)

	_, _, renewed := certificate(t, dir)
	p.signal(t, syscall.SIGHUP)
	addr := strings.TrimPrefix(p.Base, "https://")
	require.Eventually(t, func() bool { return trusted(addr, renewed) }, patience, time.Millisecond)
	p.terminate(t)
}

func holdIdle(t *testing.T, p *process) {
	t.Helper()
	const sockets = 300
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
}
