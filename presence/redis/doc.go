// Package redis keeps presence in Redis 7, alone, behind Sentinel or as Redis
// Cluster: the back end of package presence for several nodes.
//
//	Enter, Leave ──▶ queue of the room's partition ──▶ one script for all that wait
//	Renew, Reap, Nodes ──▶ a script in every partition, pipelined
//	Online ──▶ a script in the room's partition
//
// Rooms are spread over partitions. A partition is complete in itself: entries,
// leases and what else belongs to them lie in one hash slot, and each script
// works on one partition at one moment of Redis' clock, the only one that counts. So no view
// is stale, nothing is removed that is valid, and a Redis Cluster that loses one
// master's data is noticed by the lease that is missing there.
//
// Purpose: say who is where although nodes die, stand still and come back, and
// although Redis does.
//
// Owns: the scripts, the keys that begin with parley:presence:, and the order and numbers of
// this node's writes, by which late ones are refused and lost ones are noticed.
//
// Does not: own the client, renew or reap by itself, or keep anything in Redis
// for good: what nobody renews goes after keepLeases leases.
//
// Concurrency: a Registry may be used from any goroutine. A partition's writes
// leave one batch after the other; the goroutine that sends them ends when there
// are none. Calls end with their context if the client obeys it
// (ContextTimeoutEnabled); Enter and Leave do in any case. How soon a failover
// of a Redis Cluster is followed is the client's matter too
// (ClusterStateReloadInterval).
package redis
