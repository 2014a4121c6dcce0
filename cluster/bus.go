package cluster

import (
	"context"
	"errors"
)

// ErrClosed is returned by a Bus after Close.
var ErrClosed = errors.New("cluster: bus closed")

// Bus carries payloads between nodes by topic.
//
// A subscriber gets every payload that is published on its topic after
// Subscribe returned, its own node's included, as long as the bus is healthy;
// those of one publishing goroutine in their order. Nothing is kept for a
// subscriber that is away.
type Bus interface {
	// Publish sends payload to every subscriber of topic on every node. It may
	// block until ctx ends; the payload must not be changed afterwards.
	Publish(ctx context.Context, topic string, payload []byte) error
	// Subscribe calls handler for every payload on topic until the returned
	// cancel is called, after which handler is not called again. Cancel waits
	// for calls that are running; it may be called more than once, but not from
	// within the handler. Several calls of handler may run at once, and none may
	// change the payload. ctx bounds Subscribe, not the subscription.
	Subscribe(ctx context.Context, topic string, handler func(payload []byte)) (cancel func(), err error)
	// Ping reports whether the bus is healthy.
	Ping(ctx context.Context) error
	// Close ends all subscriptions, as their cancels would. Closing twice is no
	// error.
	Close() error
}
