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
// Subscribe returned (Follow: after live was called), its own node's included,
// as long as the bus is healthy; those of one publishing goroutine in their
// order, if it uses either Publish or Post for them. Nothing is kept for a
// subscriber that is away.
type Bus interface {
	// Publish sends payload to every subscriber of topic on every node. It may
	// block until ctx ends; the payload must not be changed afterwards. After an
	// error the payload may have been carried nevertheless, but never twice.
	Publish(ctx context.Context, topic string, payload []byte) error
	// Post is Publish without waiting: it queues the payload and never blocks. It
	// reports false if the payload was not taken: the queue is full, or the bus
	// closed. What was taken may still be lost.
	Post(topic string, payload []byte) bool
	// Subscribe calls handler for every payload on topic until the returned
	// cancel is called, after which handler is not called again. Cancel waits
	// for calls that are running; it may be called more than once, but not from
	// within the handler. Several calls of handler may run at once, and none may
	// change the payload. ctx bounds Subscribe, not the subscription.
	Subscribe(ctx context.Context, topic string, handler func(payload []byte)) (cancel func(), err error)
	// Follow subscribes without waiting and never fails, so a shard may call it.
	// The handler is as Subscribe's. live is called on a goroutine of the bus's,
	// possibly before Follow has returned, and must not block: once as soon as the
	// subscription carries, and again whenever it carries after an interruption
	// in which payloads may have been missed (a lost connection, a failover, a
	// wedged subscription, a queue that ran over). What was missed is then to be
	// fetched from where it is kept. Cancel does not wait: calls of handler and
	// live may still be running or about to. It may be called from anywhere, more
	// than once. On a closed bus nothing is ever called.
	Follow(topic string, handler func(payload []byte), live func()) (cancel func())
	// Ping reports whether the bus is healthy.
	Ping(ctx context.Context) error
	// Close ends all subscriptions, as their cancels would, Follow's too: when it
	// has returned nothing is called any more. What was posted and not yet
	// carried may be lost. Closing twice is no error.
	Close() error
}
