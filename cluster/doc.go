// Package cluster is the contract for the bus between Parley's nodes.
//
// Purpose: let what happens on one node reach the sockets of another, without
// knowing what carries it. Publish and Subscribe wait until it is done or has
// failed; Post and Follow never do, and are for the shards. Who follows is told
// when news may have been missed, and then asks where the truth is kept.
//
// Owns: the contract (Bus) and its in-process back end (Memory), which also
// links several nodes within one test. cluster/clustertest proves any back end.
//
// Does not: interpret payloads, store them, or promise more than at most once:
// a node that was away has missed what was said.
//
// Concurrency: a Bus may be used from any goroutine. Handlers run on a
// goroutine of the bus's or of the publisher's: they must not block.
package cluster
