// Package wire reads WebSocket frames at a client's side, for clients that serve
// many sockets in one loop.
//
// Purpose: take a frame off what was read from a socket, and tell of what type it
// is, without a copy and without decoding it.
//
// Owns: the layout of frames (RFC 6455, section 5) as far as a server sends them.
//
// Does not: read from sockets, put fragments together, inflate, or decode JSON that
// Parley has written.
//
// Concurrency: functions without state; they may be called from any goroutine.
package wire
