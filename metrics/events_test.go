package metrics_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/metrics"
	"parley/protocol"
)

func TestConnectionsAreThoseOpenedAndNotClosed(t *testing.T) {
	m := newMetrics()
	for range 5 {
		m.Edge.Opened()
	}
	m.Edge.Closed(1000)
	m.Edge.Closed(4513)
	m.Edge.Closed(4513)
	p := scrape(t, m)
	require.Equal(t, 2.0, p.value(t, "parley_connections"))
	require.Equal(t, 1.0, p.value(t, `parley_closes_total{code="1000"}`))
	require.Equal(t, 2.0, p.value(t, `parley_closes_total{code="4513"}`))
}

// A rate over a series that appears with its first event misses that event.
func TestClosedSetsAreExportedAtZero(t *testing.T) {
	p := scrape(t, newMetrics())
	for _, typ := range protocol.ClientTypes() {
		require.Zero(t, p.value(t, fmt.Sprintf(`parley_frames_received_total{type="%s"}`, typ)))
	}
	for _, typ := range protocol.ServerTypes() {
		require.Zero(t, p.value(t, fmt.Sprintf(`parley_frames_sent_total{type="%s"}`, typ)))
	}
	for _, code := range protocol.Codes() {
		require.Zero(t, p.value(t, fmt.Sprintf(`parley_errors_sent_total{code="%s"}`, code)))
	}
	for _, code := range protocol.CloseCodes() {
		require.Zero(t, p.value(t, fmt.Sprintf(`parley_closes_total{code="%d"}`, code)))
	}
	require.Zero(t, p.value(t, `parley_relays_total{delivery="queued",type="ice_candidate"}`))
	require.Zero(t, p.value(t, `parley_handshake_lookups_total{fact="login",source="store"}`))
	require.Zero(t, p.value(t, `parley_calls{state="active"}`))
}

func TestUnknownLabelValuesBecomeOther(t *testing.T) {
	m := newMetrics()
	m.Edge.Handshake("user 17")
	m.Edge.Closed(4999)
	m.Edge.Dropped("whim", 2)
	m.Rooms.SessionOpened("video")
	m.Rooms.FrameIn("rm -rf")
	m.Rooms.FrameOut("rm -rf", 3)
	m.Rooms.ErrorSent("oops")
	m.Calls.Relayed("offer", "lost")
	m.Calls.Relayed("fax", "delivered")
	m.Calls.RelayedAcross("by hand")
	m.Calls.Swapped("lent")
	m.Calls.PeerReport("sad", "ghost", "10.0.0.1", "sctp")
	m.Calls.InvitesEnded("forgotten", 2)
	m.Cluster.Dropped("whim", 2)
	m.Auth.Login("alice")
	m.Gate.Lookup("login", "10.0.0.1")
	m.Gate.Lookup("shoe size", "store")
	m.HTTP.Request("/api/rooms/", "BREW", 999, 0)
	p := scrape(t, m)
	for series, want := range map[string]float64{
		`parley_handshakes_total{result="other"}`:                                                1,
		`parley_closes_total{code="other"}`:                                                      1,
		`parley_dropped_frames_total{reason="other"}`:                                            2,
		`parley_sessions{channel="other"}`:                                                       1,
		`parley_frames_received_total{type="other"}`:                                             1,
		`parley_frames_sent_total{type="other"}`:                                                 3,
		`parley_errors_sent_total{code="other"}`:                                                 1,
		`parley_relays_total{delivery="other",type="offer"}`:                                     1,
		`parley_relays_total{delivery="delivered",type="other"}`:                                 1,
		`parley_relays_across_total{result="other"}`:                                             1,
		`parley_call_swaps_total{result="other"}`:                                                1,
		`parley_peer_reports_total{local="other",protocol="other",remote="other",state="other"}`: 1,
		`parley_handshake_lookups_total{fact="other",source="other"}`:                            2,
		`parley_call_invites_total{result="other"}`:                                              2,
		`parley_cluster_dropped_total{reason="other"}`:                                           2,
		`parley_logins_total{result="other"}`:                                                    1,
		`parley_http_requests_total{method="other",route="/api/rooms/",status="other"}`:          1,
	} {
		require.Equal(t, want, p.value(t, series), series)
	}
}

func TestCountersNeverGoBack(t *testing.T) {
	m := newMetrics()
	require.NotPanics(t, func() {
		m.Edge.BytesIn(-1)
		m.Edge.BytesOut(-1)
		m.Edge.Dropped("closed", -1)
		m.Rooms.FrameOut("ack", -1)
		m.Chat.Replayed(-1)
		m.Calls.InvitesEnded("missed", -1)
	})
	p := scrape(t, m)
	require.Zero(t, p.value(t, "parley_received_bytes_total"))
	require.Zero(t, p.value(t, "parley_messages_replayed_total"))
}

func TestNegativeTimesCountAsZero(t *testing.T) {
	m := newMetrics()
	m.Edge.RTT(-time.Hour)
	p := scrape(t, m)
	require.Equal(t, 1.0, p.value(t, "parley_heartbeat_rtt_seconds_count"))
	require.Zero(t, p.value(t, "parley_heartbeat_rtt_seconds_sum"))
}

func TestGaugesOfDepthsAreReadAtEveryScrape(t *testing.T) {
	m := newMetrics()
	depth := 3
	m.Edge.Shard(0, func() int { return depth })
	m.Edge.Shard(1, func() int { return 10 })
	m.Store.Queue(func() int { return depth * 2 })
	p := scrape(t, m)
	require.Equal(t, 3.0, p.value(t, `parley_shard_mailbox_depth{shard="0"}`))
	require.Equal(t, 10.0, p.value(t, `parley_shard_mailbox_depth{shard="1"}`))
	require.Equal(t, 6.0, p.value(t, "parley_store_queue_depth"))

	depth = 4
	m.Edge.Shard(1, func() int { return 11 })
	p = scrape(t, m)
	require.Equal(t, 4.0, p.value(t, `parley_shard_mailbox_depth{shard="0"}`))
	require.Equal(t, 11.0, p.value(t, `parley_shard_mailbox_depth{shard="1"}`), "a shard's later function replaces the earlier")
	require.Equal(t, 8.0, p.value(t, "parley_store_queue_depth"))
}

func TestCallsAreCountedByTheirState(t *testing.T) {
	m := newMetrics()
	calls := func() [2]float64 {
		p := scrape(t, m)
		return [2]float64{p.value(t, `parley_calls{state="connecting"}`), p.value(t, `parley_calls{state="active"}`)}
	}
	for _, step := range []struct {
		from, to string
		want     [2]float64
	}{
		{"idle", "connecting", [2]float64{1, 0}},
		{"idle", "connecting", [2]float64{2, 0}},
		{"connecting", "active", [2]float64{1, 1}},
		{"active", "active", [2]float64{1, 1}},
		{"active", "ended", [2]float64{1, 0}},
		{"ended", "idle", [2]float64{1, 0}},
		{"connecting", "idle", [2]float64{0, 0}},
	} {
		m.Calls.StateChanged(step.from, step.to)
		require.Equal(t, step.want, calls(), "connecting and active calls after %s → %s", step.from, step.to)
	}
	m.Calls.Peers(3)
	m.Calls.Peers(-1)
	require.Equal(t, 2.0, scrape(t, m).value(t, "parley_call_peers"))
}

func TestPeerReportsTellWhatTheClientDidNot(t *testing.T) {
	m := newMetrics()
	m.Calls.PeerReport("failed", "", "", "")
	m.Calls.PeerReport("connected", "relay", "prflx", "tls")
	p := scrape(t, m)
	require.Equal(t, 1.0, p.value(t,
		`parley_peer_reports_total{local="unknown",protocol="unknown",remote="unknown",state="failed"}`))
	require.Equal(t, 1.0, p.value(t,
		`parley_peer_reports_total{local="relay",protocol="tls",remote="prflx",state="connected"}`))
}

func TestStoredTellsNewMessagesFromResends(t *testing.T) {
	m := newMetrics()
	m.Chat.Stored(true)
	m.Chat.Stored(true)
	m.Chat.Stored(false)
	p := scrape(t, m)
	require.Equal(t, 2.0, p.value(t, "parley_messages_stored_total"))
	require.Equal(t, 1.0, p.value(t, "parley_messages_repeated_total"))
}

func TestCommitsAreMeasuredBySizeAndTime(t *testing.T) {
	m := newMetrics()
	m.Store.Committed(1, time.Millisecond)
	m.Store.Committed(64, 30*time.Millisecond)
	p := scrape(t, m)
	require.Equal(t, 65.0, p.value(t, "parley_store_batch_size_sum"))
	require.Equal(t, 1.0, p.value(t, `parley_store_batch_size_bucket{le="1"}`))
	require.InDelta(t, 0.031, p.value(t, "parley_store_commit_seconds_sum"), 1e-9)
	require.Equal(t, 1.0, p.value(t, `parley_store_commit_seconds_bucket{le="0.025"}`))
	require.Equal(t, 2.0, p.value(t, `parley_store_commit_seconds_bucket{le="0.05"}`))
}

func TestRequestsAreCountedByRouteMethodAndStatus(t *testing.T) {
	m := newMetrics()
	m.HTTP.Request("/api/rooms/{id}/", "GET", 200, 5*time.Millisecond)
	m.HTTP.Request("/api/rooms/{id}/", "GET", 404, 5*time.Millisecond)
	m.HTTP.Request("/api/rooms/{id}/", "DELETE", 204, 5*time.Millisecond)
	m.HTTP.Request("", "GET", 404, 0)
	p := scrape(t, m)
	require.Equal(t, 1.0, p.value(t, `parley_http_requests_total{method="GET",route="/api/rooms/{id}/",status="404"}`))
	require.Equal(t, 2.0, p.value(t, `parley_http_request_seconds_count{method="GET",route="/api/rooms/{id}/"}`))
	require.Equal(t, 1.0, p.value(t, `parley_http_requests_total{method="GET",route="other",status="404"}`),
		"a request that matched no route")
}

// A caller that passes paths for patterns must not fill the memory of the node
// and of Prometheus.
func TestRoutesAreBounded(t *testing.T) {
	m := newMetrics()
	for i := range 1000 {
		m.HTTP.Request(fmt.Sprintf("/api/rooms/%d/", i), "GET", 200, 0)
		m.HTTP.Request("/api/rooms/0/", "GET", 200, 0)
	}
	p := scrape(t, m)
	require.False(t, p.has(`parley_http_requests_total{method="GET",route="/api/rooms/999/"`))
	require.Equal(t, 900.0, p.value(t, `parley_http_requests_total{method="GET",route="other",status="200"}`))
	require.Equal(t, 1001.0, p.value(t, `parley_http_requests_total{method="GET",route="/api/rooms/0/",status="200"}`),
		"a known route stays itself")
}

func TestNodesInOneProcessShareNothing(t *testing.T) {
	a, b := newMetrics(), newMetrics()
	a.Edge.Opened()
	require.Equal(t, 1.0, scrape(t, a).value(t, "parley_connections"))
	require.Zero(t, scrape(t, b).value(t, "parley_connections"))
}

func TestEverythingAtOnce(t *testing.T) {
	m := newMetrics()
	h := metrics.AdminHandler(m, nil)
	const workers, rounds = 8, 50
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for range rounds {
				exercise(m)
			}
		})
	}
	for range 10 {
		scrapeHandler(t, h)
	}
	wg.Wait()
	p := scrapeHandler(t, h)
	require.EqualValues(t, workers*rounds, p.value(t, "parley_connections"))
	require.EqualValues(t, workers*rounds, p.value(t, "parley_heartbeat_rtt_seconds_count"))
	require.EqualValues(t, workers*rounds,
		p.value(t, `parley_http_requests_total{method="GET",route="/api/rooms/",status="200"}`))
}
