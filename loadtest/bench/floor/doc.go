// Package floor is the least that a server can do for the loads of this
// benchmark, so that what a real one costs can be told from what the kernel does.
//
// Purpose: accept, answer the opening handshake with the same bytes always, and
// relay each frame to the others of the room that the path names.
//
// Owns: one listener, one epoll set, and rooms that are named by paths. A relayed
// frame keeps its bytes; only the mask is taken off, in place.
//
// Does not: read JSON, know users, check anything, or close in good order: it is
// no server to use.
//
// Concurrency: a Floor belongs to the goroutine that calls Serve; Addr may be
// called from any. Linux only.
package floor
