package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// Chat counts messages and times their way out.
type Chat struct {
	// Static after construction.
	stored    prometheus.Counter
	repeated  prometheus.Counter
	replayed  prometheus.Counter
	delivered prometheus.Observer
}

func newChat(f promauto.Factory) *Chat {
	return &Chat{
		stored: newCounter(f, "parley_messages_stored_total", "Chat messages stored."),
		repeated: newCounter(f, "parley_messages_repeated_total",
			"Chat messages sent again with a known client_msg_id, and therefore not stored."),
		replayed: newCounter(f, "parley_messages_replayed_total",
			"Stored chat messages sent to clients that catch up."),
		delivered: f.NewHistogram(histogram("parley_chat_commit_to_delivery_seconds",
			"Time from a message's commit until it was written to its room's sockets on this node.",
			[]float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1})),
	}
}

// Stored counts a message that the store answered for: a new one if created, a
// resend of a known one if not.
func (c *Chat) Stored(created bool) {
	if created {
		c.stored.Inc()
	} else {
		c.repeated.Inc()
	}
}

// CommitToDelivery records the time from the commit of n messages until they were
// with the kernel for every socket of the room on this node, or waited for a
// socket that takes no more.
func (c *Chat) CommitToDelivery(n int, took time.Duration) {
	for range n {
		observe(c.delivered, took)
	}
}

// Replayed counts n stored messages sent to a client that catches up.
func (c *Chat) Replayed(n int) { add(c.replayed, n) }
