package metrics

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"parley/protocol"
)

// Edge counts what the WebSocket transport does.
type Edge struct {
	// Static after construction.
	connections   prometheus.Gauge
	handshakes    counters
	closes        closed[uint16, prometheus.Counter]
	receivedBytes prometheus.Counter
	sentBytes     prometheus.Counter
	dropped       counters
	rtt           prometheus.Observer
	mailboxes     *depths
}

func newEdge(reg prometheus.Registerer) *Edge {
	f := promauto.With(reg)
	closes := f.NewCounterVec(prometheus.CounterOpts{
		Name: "parley_closes_total",
		Help: "WebSockets that ended, by close code; 1005 and 1006 were never on the wire.",
	}, []string{"code"})
	return &Edge{
		connections: newGauge(f, "parley_connections", "Open WebSockets."),
		handshakes: newCounters(f, "parley_handshakes_total", "WebSocket handshakes, by result.", "result",
			[]string{
				"ok", "bad_request", "origin", "not_found", "unauthenticated", "forbidden",
				"limit", "timeout", "draining", "overloaded", "accept_failed", "error",
			}),
		closes: newClosed(closeCodes(),
			func(code uint16) string { return strconv.Itoa(int(code)) },
			func(label string) prometheus.Counter { return closes.WithLabelValues(label) }),
		receivedBytes: newCounter(f, "parley_received_bytes_total", "Bytes read from WebSockets."),
		sentBytes:     newCounter(f, "parley_sent_bytes_total", "Bytes written to WebSockets."),
		dropped: newCounters(f, "parley_dropped_frames_total",
			"Outbound frames that were never written, by reason.", "reason",
			[]string{"slow_reader", "closed", "error", "overflow"}),
		rtt: f.NewHistogram(histogram("parley_heartbeat_rtt_seconds",
			"Time from a WebSocket ping to its pong.",
			[]float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30})),
		mailboxes: newDepths(reg, "parley_shard_mailbox_depth",
			"Events that wait for a shard's goroutine.", "shard"),
	}
}

// closeCodes lists the codes that a socket may end with, sent or seen.
func closeCodes() []uint16 {
	codes := []uint16{uint16(protocol.CloseNoStatus), uint16(protocol.CloseAbnormal)}
	for _, c := range protocol.CloseCodes() {
		codes = append(codes, uint16(c))
	}
	return codes
}

// Handshake counts a WebSocket handshake by its result: ok, bad_request,
// origin, not_found, unauthenticated, forbidden, limit, timeout, draining,
// overloaded, accept_failed or error.
func (e *Edge) Handshake(result string) { e.handshakes.of(result).Inc() }

// Opened counts a WebSocket in.
func (e *Edge) Opened() { e.connections.Inc() }

// Closed counts a WebSocket that Opened had counted out, by its close code
// (RFC 6455, section 7.4).
func (e *Edge) Closed(code uint16) {
	e.connections.Dec()
	e.closes.of(code).Inc()
}

// BytesIn counts n bytes read from a socket.
func (e *Edge) BytesIn(n int) { add(e.receivedBytes, n) }

// BytesOut counts n bytes written to a socket.
func (e *Edge) BytesOut(n int) { add(e.sentBytes, n) }

// Dropped counts outbound frames that were never written, by reason:
// slow_reader, closed, error or overflow.
func (e *Edge) Dropped(reason string, frames int) { add(e.dropped.of(reason), frames) }

// RTT records the time from a ping to its pong.
func (e *Edge) RTT(d time.Duration) { observe(e.rtt, d) }

// Shard makes mailboxDepth the gauge of shard id, in place of an earlier one.
// It is called at every scrape, on another goroutine than the shard's, and must
// not block.
func (e *Edge) Shard(id int, mailboxDepth func() int) {
	label := strconv.Itoa(id)
	e.mailboxes.set(label, mailboxDepth, label)
}
