package redis

import "parley/cluster"

// topic is a channel with handlers on this node.
type topic struct {
	// Static after construction.
	channel string
	slot    int

	// Guarded by Bus.mu. The slice is replaced, never changed.
	subscriptions []*cluster.Subscriber
	link          *link // that subscribes it; nil while it is not known who holds the slot
	carried       bool  // Redis has confirmed the subscription
	interrupted   bool  // it was carried before
}
