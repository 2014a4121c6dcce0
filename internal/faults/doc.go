// Package faults is a TCP proxy on the loopback interface that breaks the
// connections between clients and one server, as networks do, where a test says.
//
// Purpose: prove what survives a lost socket. Each connection is broken on its
// own, at an exact place: between two frames, in a frame's middle, or after a
// number of bytes.
//
//	client ─▶ Conn ─▶ server     Up
//	client ◀─ Conn ◀─ server     Down
//
// Owns: the listener, both sockets of every connection, and a scanner for each
// direction that knows where WebSocket frames begin and end (RFC 6455, section 5.2).
//
// Does not: read payloads, but for the status of a close frame; speak TLS; use
// Shopify/toxiproxy, whose toxics are of a whole proxy and not of a connection,
// whose limit ends a stream in good order and not by a reset, which knows no
// half-open connection and no frames, and which comes with an HTTP API.
//
// Concurrency: all may be called from any goroutine. What a test hangs on a place
// (At, AfterBytes) runs on the goroutine that moves the bytes of that direction,
// between the byte before and the byte after. Nothing but Close waits.
package faults
