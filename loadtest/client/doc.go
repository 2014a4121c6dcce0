// Package client is a black-box client of Parley: it knows a server's address
// and its wire contract, and nothing of its insides.
//
// Purpose: let load tests and end-to-end tests act as users do: sign up, make
// rooms, open sockets, send frames and wait for what comes back.
//
// Owns: an HTTP client for the REST API and a WebSocket client on an
// independent implementation (coder/websocket).
//
// Does not: reconnect, retry or hide anything: what the server did is what the
// caller sees.
//
// Concurrency: a Server and a User may be used from any goroutine, a Socket's
// Send and Request too; Next and Await of one Socket by one goroutine at a time.
package client
