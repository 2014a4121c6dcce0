// Package ledger is the contract for small documents that all nodes agree on,
// changed by compare-and-set only.
//
// Purpose: let nodes decide together, without one that leads and without locks
// that outlive their holders: who is in a call is a document, and a node that
// wants to change it states which version it has seen.
//
// Owns: the contract (Ledger) and its in-process back end (Memory);
// ledger/redis is below it. ledger/ledgertest proves any back end.
//
// Does not: know what a document means, tell anybody of a change, or keep
// anything for good: every document has a time to live.
//
// Concurrency: a Ledger may be used from any goroutine. Its methods may block
// until their context ends, and not longer.
package ledger
