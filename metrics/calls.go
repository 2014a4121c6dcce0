package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// Calls counts calls, their peers, and what the peers say about the paths that
// they found to each other.
type Calls struct {
	// Static after construction.
	calls   map[string]prometheus.Gauge
	peers   prometheus.Gauge
	relays  closed[string, counters]
	across  counters
	swaps   counters
	apart   prometheus.Gauge
	reports *prometheus.CounterVec
	connect prometheus.Observer
	invites counters
}

func newCalls(f promauto.Factory) *Calls {
	calls := f.NewGaugeVec(prometheus.GaugeOpts{
		Name: "parley_calls",
		Help: "Calls, by state: connecting (fewer than two active peers) or active.",
	}, []string{"state"})
	relays := f.NewCounterVec(prometheus.CounterOpts{
		Name: "parley_relays_total",
		Help: "Signals forwarded between peers, by type and by delivery: delivered, or queued for a peer whose socket is lost.",
	}, []string{"type", "delivery"})
	return &Calls{
		calls: map[string]prometheus.Gauge{
			"connecting": calls.WithLabelValues("connecting"),
			"active":     calls.WithLabelValues("active"),
		},
		peers: newGauge(f, "parley_call_peers", "Peers of this node that joined a call."),
		across: newCounters(f, "parley_relays_across_total",
			"Signals to peers of other nodes, by what became of them: delivered, queued, gone, unavailable, moved or timeout.", "result",
			[]string{"delivered", "queued", "gone", "unavailable", "moved", "timeout"}),
		swaps: newCounters(f, "parley_call_swaps_total",
			"Attempts to change who is in a call, on all nodes: stored, conflict (decided again) or failed.", "result",
			[]string{"stored", "conflict", "failed"}),
		apart: newGauge(f, "parley_calls_apart", "Calls that cannot be agreed on with the other nodes at present."),
		relays: newClosed([]string{"offer", "answer", "ice_candidate", "signal"}, itself,
			func(typ string) counters {
				return newClosed([]string{"delivered", "queued"}, itself,
					func(delivery string) prometheus.Counter { return relays.WithLabelValues(typ, delivery) })
			}),
		reports: f.NewCounterVec(prometheus.CounterOpts{
			Name: "parley_peer_reports_total",
			Help: "Peer connections as clients report them, by state, candidate types and protocol.",
		}, []string{"state", "local", "remote", "protocol"}),
		connect: f.NewHistogram(histogram("parley_peer_connect_seconds",
			"Time that a peer connection took to connect, as clients report it.",
			[]float64{.05, .1, .25, .5, 1, 2.5, 5, 10, 20, 30, 60})),
		invites: newCounters(f, "parley_call_invites_total",
			"Users who were invited to a call, by what it came to: accepted, declined, cancelled or missed.", "result",
			[]string{"accepted", "declined", "cancelled", "missed"}),
	}
}

// StateChanged moves a call from one state to another: connecting or active are
// counted; idle, and anything else, stands for no call.
func (c *Calls) StateChanged(from, to string) {
	if from == to {
		return
	}
	if g, ok := c.calls[from]; ok {
		g.Dec()
	}
	if g, ok := c.calls[to]; ok {
		g.Inc()
	}
}

// Peers adds delta to the number of peers in calls.
func (c *Calls) Peers(delta int) { c.peers.Add(float64(delta)) }

// Relayed counts a forwarded signal by its type (offer, answer, ice_candidate,
// signal) and its delivery (delivered, queued).
func (c *Calls) Relayed(typ, delivery string) { c.relays.of(typ).of(delivery).Inc() }

// RelayedAcross counts a signal to a peer of another node by what became of it:
// delivered, queued, gone, unavailable, moved, timeout.
func (c *Calls) RelayedAcross(outcome string) { c.across.of(outcome).Inc() }

// Swapped counts an attempt to change what all nodes know of a call: stored,
// conflict, failed.
func (c *Calls) Swapped(outcome string) { c.swaps.of(outcome).Inc() }

// Apart adds delta to the number of calls that are not agreed on with other nodes.
func (c *Calls) Apart(delta int) { c.apart.Add(float64(delta)) }

// PeerReport counts a client's report about a peer connection: its state
// (connected, failed, closed), the types of the two candidates in use (host,
// srflx, prflx, relay) and their protocol (udp, tcp, tls). What the client did
// not tell is "".
func (c *Calls) PeerReport(state, local, remote, protocol string) {
	if protocol = oneOf(protocol, "", "udp", "tcp", "tls"); protocol == "" {
		protocol = untold
	}
	c.reports.WithLabelValues(
		oneOf(state, "connected", "failed", "closed"),
		candidate(local), candidate(remote), protocol,
	).Inc()
}

// PeerConnected records how long a peer connection took to connect.
func (c *Calls) PeerConnected(took time.Duration) { observe(c.connect, took) }

// InvitesEnded counts n users who were invited to a call, by what it came to:
// accepted, declined, cancelled or missed.
func (c *Calls) InvitesEnded(result string, n int) { add(c.invites.of(result), n) }

// untold is the label value of what a client did not report.
const untold = "unknown"

// candidate bounds an ICE candidate type (RFC 8445, section 4).
func candidate(typ string) string {
	if typ == "" {
		return untold
	}
	return oneOf(typ, "host", "srflx", "prflx", "relay")
}
