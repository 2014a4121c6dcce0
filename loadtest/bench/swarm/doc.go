// Package swarm drives thousands of WebSockets from one goroutine, so cheaply
// that what is measured is the server and not the client.
//
// Purpose: open many sockets, at once if need be, keep loads up among them, and
// time what comes back.
//
// Owns: raw non-blocking sockets on an epoll set, the opening handshake and the
// frames of a client (RFC 6455), compressed ones of the server's included (RFC
// 7692), what a client must know to return to its session, frames that are encoded
// and masked once and only stamped when they are sent, and when the next is sent:
// when all that must come of one has come, or by the clock.
//
// Does not: know what frames mean, beyond how welcomes, acks, errors and
// deliveries look; compress; speak TLS; leave this machine: addresses are loopback.
//
// Concurrency: a Swarm belongs to one goroutine. Its methods block until what
// they are asked for is done, ctx ends, or the server fails to answer. It runs
// on Linux only.
package swarm
