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
	letters   counters
	gaps      counters
	repaired  prometheus.Counter
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
		letters: newCounters(f, "parley_chat_letters_total",
			"Letters between nodes about the chat of rooms: published, refused by the bus, or heard.", "result",
			[]string{"published", "refused", "heard"}),
		gaps: newCounters(f, "parley_chat_gaps_total",
			"Times when a room knew of messages that it had not heard of, by what closed the gap: news or the store.", "source",
			[]string{"news", "store"}),
		repaired: newCounter(f, "parley_messages_repaired_total",
			"Chat messages read from the store because the news of them was lost."),
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

// Published counts a letter to the other nodes: one that the bus took, or refused.
func (c *Chat) Published(taken bool) {
	if taken {
		c.letters.of("published").Inc()
	} else {
		c.letters.of("refused").Inc()
	}
}

// Heard counts a letter from another node.
func (c *Chat) Heard() { c.letters.of("heard").Inc() }

// GapClosed counts a gap that closed, by what was read from the store or by news
// that came after all.
func (c *Chat) GapClosed(repaired bool) {
	if repaired {
		c.gaps.of("store").Inc()
	} else {
		c.gaps.of("news").Inc()
	}
}

// Repaired counts n messages that were read from the store because the news of
// them was lost.
func (c *Chat) Repaired(n int) { add(c.repaired, n) }
