// Package redis is the bus between nodes on Redis publish/subscribe: PUBLISH and
// SUBSCRIBE on one server or one that Sentinel fails over, SPUBLISH and
// SSUBSCRIBE (sharded) on a Redis Cluster.
//
// Purpose: carry news between nodes fast and in order, and know when it may have
// been missed.
//
//	Publish, Post ─▶ queue ─▶ writer ─▶ one pipeline a batch ─▶ master
//	handlers ◀─ deliverer ◀─ inbox ◀─ reader ◀─ subscriptions ◀─ master
//
// Owns: for each master one connection to publish on and one that subscribes,
// both its own and not the client's pool's; the topics that are subscribed, the
// queues, and a canary on each master: a topic of its own on which it publishes
// every second, to measure the round trip and to notice a subscription that is
// wedged.
//
// Does not: keep anything for who is away, send twice what may have been
// carried, or interpret payloads.
//
// Concurrency: a Bus may be used from any goroutine. For each master a writer, a
// reader and one that asks for subscriptions; one goroutine delivers, one
// watches over the canaries and the cluster's slots. All state is guarded by one
// mutex, which is never held over I/O or a handler; the inbox has its own.
package redis
