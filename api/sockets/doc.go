// Package sockets decides on opening handshakes: which route, from which page,
// by whom, and into which room.
//
// Purpose: be the edge's gate. Whoever may not in is told by a close code, which
// a browser can read, rather than by an HTTP status, which it cannot; only what
// no honest browser page does (a wrong origin, an unknown path) gets HTTP.
//
// Owns: the WebSocket routes and where credentials are looked for.
//
// Does not: check passwords or tokens (auth does), know or remember rights
// (membership does), or keep anything of a socket once it is admitted.
//
// Concurrency: a Gate may be used from any goroutine. AdmitNow never blocks;
// Admit blocks on the store, until its context ends.
package sockets
