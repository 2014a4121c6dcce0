// Package fleet is this node among the others: it keeps the node's lease, knows
// who else lives, and says who has died.
//
// Purpose: what a dead node held is given up everywhere, once, and soon; what a
// living one holds is not, because a lease could not be renewed for a while.
//
//	Renew, Nodes, Reap (presence.Registry) ── six times a lease ──▶ Fleet
//	Fleet ──▶ Events: Lapsed (this node's own lease had run out), Gone, Reaped
//
// A node that cannot reach the registry believes nothing: neither that others have
// died, nor that they live on. Nor does it for one lease after it can again: all may
// have been cut off, and the first to be back would find the others gone. Nor does it by a
// view of long ago, as after a pause, or of a node that may have begun since.
//
// Owns: when leases are renewed, and the last view of who holds one.
//
// Does not: keep leases (presence does), or know what nodes hold.
//
// Concurrency: a Fleet may be used from any goroutine. Its one goroutine renews,
// looks and calls the Events, one after the other.
package fleet
