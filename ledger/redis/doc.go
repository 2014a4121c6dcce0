// Package redis keeps a ledger in Redis 7, alone, behind Sentinel or as Redis
// Cluster: the back end of package ledger for several nodes.
//
// A document is a hash of its own, so that documents spread over a cluster's masters. Swap is
// one script, Load one command, LoadAll one round trip to each server.
//
// Purpose: let one command decide who of several nodes changes a document,
// although answers are lost and commands are sent again.
//
// Owns: the script, the keys that begin with parley:ledger:.
//
// Does not: own the client, or survive what Redis does not: after a failover
// to a replica that was behind, a document is at an earlier version or gone.
// Versions follow Redis' clock, so that none is given twice unless that clock is
// behind the one before it; a removal is remembered for some time all the same.
//
// Concurrency: a Ledger may be used from any goroutine and starts none. Calls
// end with their context if the client obeys it (ContextTimeoutEnabled). How soon
// a failover of a Redis Cluster is followed is the client's matter too
// (ClusterStateReloadInterval).
package redis
