package metrics_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/metrics"
)

// page is a scrape in Prometheus' text format.
type page string

// get asks the handler for a path, with headers given as key, value, ….
func get(t *testing.T, h http.Handler, path string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, req)
	return rec
}

// scrape reads m as Prometheus would.
func scrape(t *testing.T, m *metrics.Metrics) page {
	t.Helper()
	return scrapeHandler(t, metrics.AdminHandler(m, nil))
}

func scrapeHandler(t *testing.T, h http.Handler) page {
	t.Helper()
	rec := get(t, h, "/metrics")
	require.Equal(t, http.StatusOK, rec.Code, "the scrape failed: %s", rec.Body)
	return page(rec.Body.String())
}

// value returns the value of a series, written as in the text format.
func (p page) value(t *testing.T, series string) float64 {
	t.Helper()
	for line := range strings.Lines(string(p)) {
		if rest, ok := strings.CutPrefix(line, series+" "); ok {
			v, err := strconv.ParseFloat(strings.TrimSpace(rest), 64)
			require.NoError(t, err, "the line %q", line)
			return v
		}
	}
	require.Fail(t, "no such series", "%s is not exported", series)
	return 0
}

// has tells whether any series begins with prefix.
func (p page) has(prefix string) bool { return strings.Contains(string(p), "\n"+prefix) }

// types maps the name of every exported metric to its type.
func (p page) types() map[string]string {
	types := make(map[string]string)
	for line := range strings.Lines(string(p)) {
		if f := strings.Fields(line); len(f) == 4 && f[1] == "TYPE" {
			types[f[2]] = f[3]
		}
	}
	return types
}

func newMetrics() *metrics.Metrics {
	return metrics.New(metrics.BuildInfo{Version: "1.2.3", Revision: "abcdef"})
}

// exercise calls every method of m once, so that every series exists.
func exercise(m *metrics.Metrics) {
	m.Edge.Handshake("ok")
	m.Edge.Opened()
	m.Edge.Opened()
	m.Edge.Closed(1000)
	m.Edge.BytesIn(100)
	m.Edge.BytesOut(1000)
	m.Edge.Dropped("slow_reader", 3)
	m.Edge.RTT(20 * time.Millisecond)
	m.Edge.Shard(0, func() int { return 5 })

	m.Rooms.SessionOpened("chat")
	m.Rooms.SessionOpened("call")
	m.Rooms.SessionClosed("call")
	m.Rooms.FrameIn("chat_message")
	m.Rooms.FrameOut("chat_message", 10)
	m.Rooms.ErrorSent("not_found")
	m.Rooms.RoomOpened()
	m.Rooms.RoomOpened()
	m.Rooms.RoomClosed()

	m.Store.Committed(8, 3*time.Millisecond)
	m.Store.Queue(func() int { return 7 })

	m.Cluster.Published(20)
	m.Cluster.Received()
	m.Cluster.Dropped("inbox", 2)
	m.Cluster.RoundTrip(time.Millisecond)
	m.Cluster.Resubscribed(3)
	m.Cluster.Up(func() bool { return true })

	m.Calls.StateChanged("idle", "connecting")
	m.Calls.Peers(2)
	m.Calls.Relayed("offer", "delivered")
	m.Calls.RelayedAcross("delivered")
	m.Calls.Swapped("stored")
	m.Calls.Apart(1)
	m.Calls.PeerReport("connected", "host", "srflx", "udp")
	m.Calls.PeerReport("failed", "", "", "")
	m.Calls.PeerConnected(700 * time.Millisecond)
	m.Calls.InvitesEnded("accepted", 1)

	m.Chat.Stored(true)
	m.Chat.CommitToDelivery(1, 200*time.Microsecond)
	m.Chat.Replayed(4)
	m.Chat.Published(true)
	m.Chat.Published(false)
	m.Chat.Heard()
	m.Chat.GapClosed(true)
	m.Chat.Repaired(5)

	m.Auth.Login("ok")
	m.Auth.Hashing(1)
	m.Auth.HashingLimit(2)

	m.Gate.Lookup("login", "memory")
	m.Gate.Lookup("participant", "store")

	m.HTTP.Request("/api/rooms/", "GET", 200, 2*time.Millisecond)

	m.TLS.CertificateInUse(time.Unix(1_800_000_000, 0))
	m.TLS.CertificateReload("ok")
}
