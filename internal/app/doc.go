// Package app builds a node from its parts.
//
// Purpose: the only place that picks back ends and wires packages together.
//
// Owns: the order in which a node comes up and goes down; the two listeners; the
// certificate, which it reads again when its files change.
//
// Does not: contain logic of chat, calls or accounts.
//
// Concurrency: New, Start and Stop are called by one goroutine, in this order;
// the rest may be called from any. A goroutine follows the certificate's files;
// handshakes only load a pointer. Several Apps may run in one process.
package app
