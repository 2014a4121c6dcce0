// Package idle is the load of sockets that are open and at rest.
//
// Purpose: what a socket costs the server, by the server's own metrics, and whether
// all live through their heartbeats.
//
// Owns: when sockets open, how long they are held, and the memory of a socket.
//
// Does not: open sockets itself (audience).
//
// Concurrency: Run may be called once at a time.
package idle
