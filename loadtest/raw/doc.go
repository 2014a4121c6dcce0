// Package raw sends to and receives from non-blocking sockets by system calls
// that the Go scheduler is not told of.
//
// Purpose: the cheapest recv(2) and send(2) that Go has, for a client that must
// not be the bottleneck and for a floor to compare a server with. A call that
// cannot block gives nothing to the scheduler, and telling it costs a third of
// a small send.
//
// Owns: the two calls, and what their errors mean to a caller.
//
// Does not: block: a descriptor that is not O_NONBLOCK would hold its processor.
//
// Concurrency: as the descriptor's own. Linux only.
package raw
