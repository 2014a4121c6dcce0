package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/protocol"
)

func TestPeerStateMovesTheMetrics(t *testing.T) {
	n := startNode(t)
	_, callers := gather(t, n, "ann", "bob")
	ann, bob := callers[0], callers[1]
	admin := n.AdminURL()

	request[struct{}](t, ann.Socket, protocol.TypePeerState, map[string]any{
		"peer_id": bob.peerID, "state": "connected", "ms": 142.5,
		"local_candidate_type": "host", "remote_candidate_type": "srflx", "protocol": "udp",
	})
	request[struct{}](t, ann.Socket, protocol.TypePeerState, map[string]any{"peer_id": bob.peerID, "state": "failed"})
	request[struct{}](t, bob.Socket, protocol.TypePeerState, map[string]any{"peer_id": ann.peerID, "state": "closed"})
	quiet(t, ann.Socket, bob.Socket)

	m := scrape(t, admin)
	require.Equal(t, 1.0, m.value(t, `parley_peer_reports_total{local="host",protocol="udp",remote="srflx",state="connected"}`))
	require.Equal(t, 1.0, m.value(t, `parley_peer_reports_total{local="unknown",protocol="unknown",remote="unknown",state="failed"}`))
	require.Equal(t, 1.0, m.value(t, `parley_peer_reports_total{local="unknown",protocol="unknown",remote="unknown",state="closed"}`))
	require.Equal(t, 1.0, m.value(t, `parley_peer_connect_seconds_count`))
	require.InDelta(t, 0.1425, m.value(t, `parley_peer_connect_seconds_sum`), 1e-9)
}

// A client's word is bounded before it becomes a label or a time.
func TestPeerStateIsNotTrusted(t *testing.T) {
	n := startNode(t)
	_, callers := gather(t, n, "ann")
	ann := callers[0]
	admin := n.AdminURL()
	for _, ms := range []any{-1, 1e300, nil} {
		request[struct{}](t, ann.Socket, protocol.TypePeerState, map[string]any{
			"peer_id": "p", "state": "connected", "ms": ms,
			"local_candidate_type": "made up", "remote_candidate_type": "{x=\"1\"}", "protocol": "carrier pigeon",
		})
	}
	m := scrape(t, admin)
	require.Equal(t, 3.0, m.value(t, `parley_peer_reports_total{local="other",protocol="other",remote="other",state="connected"}`))
	require.Zero(t, m.value(t, `parley_peer_connect_seconds_count`), "none of these times is believed")

	for _, data := range []map[string]any{
		{},
		{"state": ""},
		{"state": "new"},
		{"state": 1},
		{"state": "connected", "ms": "fast"},
		{"state": "failed", "peer_id": 7},
		{"state": "failed", "protocol": []int{}},
	} {
		require.Equal(t, protocol.CodeValidation, refused(t, ann.Socket, protocol.TypePeerState, data), "%v", data)
	}
	quiet(t, ann.Socket)
}
