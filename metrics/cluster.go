package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// Cluster measures the bus between nodes.
type Cluster struct {
	// Static after construction.
	published    prometheus.Counter
	received     prometheus.Counter
	resubscribed prometheus.Counter
	dropped      counters
	batch        prometheus.Observer
	roundTrip    prometheus.Observer
	up           *depths // no series, and so no alert, on a node alone
}

func newCluster(reg prometheus.Registerer) *Cluster {
	f := promauto.With(reg)
	return &Cluster{
		published: newCounter(f, "parley_cluster_published_total",
			"Payloads that the bus has taken from this node, its canaries included."),
		received: newCounter(f, "parley_cluster_received_total",
			"Payloads that the bus has brought to this node."),
		resubscribed: newCounter(f, "parley_cluster_resubscribed_total",
			"Topics that the bus carries again after an interruption."),
		dropped: newCounters(f, "parley_cluster_dropped_total",
			"Payloads that were lost, by reason: queue (no room to publish), publish (not taken), inbox (this node was slow).", "reason",
			[]string{"queue", "publish", "inbox"}),
		batch: f.NewHistogram(histogram("parley_cluster_batch_size",
			"Payloads that shared one round trip.",
			prometheus.ExponentialBuckets(1, 2, 10))),
		roundTrip: f.NewHistogram(histogram("parley_cluster_canary_rtt_seconds",
			"Time from publishing a canary until it came back through the bus.",
			[]float64{.00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5})),
		up: newDepths(reg, "parley_cluster_up", "1 if the bus carries this node's canaries; absent on a node alone."),
	}
}

// Published counts payloads that one round trip carried.
func (c *Cluster) Published(payloads int) {
	add(c.published, payloads)
	c.batch.Observe(float64(payloads))
}

// Received counts a payload that came.
func (c *Cluster) Received() { c.received.Inc() }

// Dropped counts payloads that were lost, by reason: queue, publish or inbox.
func (c *Cluster) Dropped(reason string, payloads int) { add(c.dropped.of(reason), payloads) }

// RoundTrip records how long a canary was on its way.
func (c *Cluster) RoundTrip(took time.Duration) { observe(c.roundTrip, took) }

// Resubscribed counts topics that are carried again.
func (c *Cluster) Resubscribed(topics int) { add(c.resubscribed, topics) }

// Up makes up the gauge, in place of an earlier one. It is called at every
// scrape, on any goroutine, and must not block.
func (c *Cluster) Up(up func() bool) {
	c.up.set("", func() int { return int(oneIf(up())) })
}
