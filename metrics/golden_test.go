package metrics_test

import (
	"context"
	"flag"
	"os"
	"regexp"
	"sort"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	"github.com/stretchr/testify/require"

	"parley/metrics"
)

func ready(context.Context) error { return nil }

// TestScrapeIsAsDocumented pins what dashboards and alerts elsewhere rely on:
// names, types, help texts and label sets. Rewrite the file with
// `go test ./metrics -update` and read the difference.
func TestScrapeIsAsDocumented(t *testing.T) {
	const golden = "testdata/metrics.golden"
	m := newMetrics()
	exercise(m)
	got := summary(scrapeHandler(t, metrics.AdminHandler(m, []metrics.Check{{Name: "store", Probe: ready}})))

	if update() {
		require.NoError(t, os.WriteFile(golden, []byte(got), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), got, "the exported metrics changed; if that is meant, run with -update")
}

func update() bool { return flag.Lookup("update").Value.String() == "true" }

// summary reduces a scrape to the names, help texts, types and label names of
// Parley's own metrics.
func summary(p page) string {
	value := regexp.MustCompile(`="[^"]*"`)
	var out []string
	for line := range strings.Lines(string(p)) {
		line = strings.TrimSpace(line)
		if !strings.Contains(line, "parley_") {
			continue
		}
		if !strings.HasPrefix(line, "#") {
			line = value.ReplaceAllString(line[:strings.LastIndexByte(line, ' ')], "")
		}
		if len(out) == 0 || out[len(out)-1] != line {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n") + "\n"
}

func TestNamesFollowTheConventions(t *testing.T) {
	m := newMetrics()
	exercise(m)
	body := scrapeHandler(t, metrics.AdminHandler(m, []metrics.Check{{Name: "store", Probe: ready}}))
	problems, err := promlint.New(strings.NewReader(string(body))).Lint()
	require.NoError(t, err)
	for _, p := range problems {
		if strings.HasPrefix(p.Metric, "parley_") {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
}

func TestEveryMetricOfTheContractIsExported(t *testing.T) {
	m := newMetrics()
	exercise(m)
	types := scrape(t, m).types()
	for name, typ := range map[string]string{
		"parley_handshake_lookups_total":           "counter",
		"parley_tls_certificate_not_after_seconds": "gauge",
		"parley_tls_certificate_reloads_total":     "counter",
		"parley_build_info":                        "gauge",
		"parley_connections":                       "gauge",
		"parley_handshakes_total":                  "counter",
		"parley_frames_received_total":             "counter",
		"parley_frames_sent_total":                 "counter",
		"parley_received_bytes_total":              "counter",
		"parley_sent_bytes_total":                  "counter",
		"parley_closes_total":                      "counter",
		"parley_dropped_frames_total":              "counter",
		"parley_shard_mailbox_depth":               "gauge",
		"parley_heartbeat_rtt_seconds":             "histogram",
		"parley_sessions":                          "gauge",
		"parley_rooms":                             "gauge",
		"parley_errors_sent_total":                 "counter",
		"parley_calls":                             "gauge",
		"parley_call_peers":                        "gauge",
		"parley_relays_total":                      "counter",
		"parley_relays_across_total":               "counter",
		"parley_call_swaps_total":                  "counter",
		"parley_calls_apart":                       "gauge",
		"parley_peer_reports_total":                "counter",
		"parley_peer_connect_seconds":              "histogram",
		"parley_store_batch_size":                  "histogram",
		"parley_store_commit_seconds":              "histogram",
		"parley_store_queue_depth":                 "gauge",
		"parley_cluster_published_total":           "counter",
		"parley_cluster_received_total":            "counter",
		"parley_cluster_dropped_total":             "counter",
		"parley_cluster_resubscribed_total":        "counter",
		"parley_cluster_batch_size":                "histogram",
		"parley_cluster_canary_rtt_seconds":        "histogram",
		"parley_cluster_up":                        "gauge",
		"parley_messages_stored_total":             "counter",
		"parley_chat_commit_to_delivery_seconds":   "histogram",
		"parley_logins_total":                      "counter",
		"parley_password_hashes":                   "gauge",
		"parley_http_requests_total":               "counter",
		"parley_http_request_seconds":              "histogram",
		"go_goroutines":                            "gauge",
		"go_sched_latencies_seconds":               "histogram",
		"process_start_time_seconds":               "gauge",
		"process_resident_memory_bytes":            "gauge",
	} {
		require.Equal(t, typ, types[name], "the type of %s", name)
	}
}

func TestNoLabelNamesAUserRoomOrConnection(t *testing.T) {
	m := newMetrics()
	exercise(m)
	labels := map[string]bool{}
	for _, match := range regexp.MustCompile(`[{,]([a-z_]+)`).FindAllStringSubmatch(summary(scrape(t, m)), -1) {
		labels[match[1]] = true
	}
	var got []string
	for l := range labels {
		got = append(got, l)
	}
	sort.Strings(got)
	require.Equal(t, []string{
		"channel", "code", "delivery", "fact", "goversion", "le", "local", "method", "protocol", "reason",
		"remote", "result", "revision", "route", "shard", "source", "state", "status", "type", "version",
	}, got, "a new label must have a closed set of values")
}
