// Command parley-load puts a deployment of Parley under load and reports how it
// fared.
//
// Purpose: what is run before a release, from outside: calls, chat, many sockets.
//
// Owns: flags, signals, exit codes, where reports go.
//
// Does not: make load, measure or judge; that is done in loadtest.
//
// Concurrency: one goroutine, besides those of the load.
package main
