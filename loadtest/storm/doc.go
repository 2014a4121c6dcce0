// Package storm is the load of all clients that are lost at once and come back.
//
// Purpose: how long a deployment takes to have everybody back, as after a network
// or a load balancer has failed, and whether they get their sessions.
//
// Owns: when sockets are dropped, within what time they try again, and the time
// until all are back.
//
// Does not: open sockets itself (audience), or know how a client returns (crowd).
//
// Concurrency: Run may be called once at a time.
package storm
