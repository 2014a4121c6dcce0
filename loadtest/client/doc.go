// Package client is a black-box client of Parley: it knows a server's address
// and its wire contract, and nothing of its insides.
//
// Purpose: let load tests and end-to-end tests act as users do: sign up, make
// rooms, open sockets, send frames and wait for what comes back.
//
// Owns: an HTTP client for the REST API and a WebSocket client on an
// independent implementation (coder/websocket):
//
//	Socket    one socket, as it is
//	Session   a connection that comes back on another socket when one is lost,
//	          with what it knows of the frames that it has and has not
//	Record    all that a session got, to be looked at
//
// Does not: hide anything: what the server did is what the caller sees. A Socket
// does not reconnect or retry; a Session does where it is told to, shows every
// welcome, and sends again only what the server has certainly not had.
//
// Concurrency: a Server and a User may be used from any goroutine, a Socket's and
// a Session's Send and Request too; Next and Await by one goroutine at a time.
package client
