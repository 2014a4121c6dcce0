// Package presence is the contract for who is where over all nodes, under
// leases: a node that dies takes nobody with it for longer than its lease.
//
// Purpose: let a node that opens a room know who is in it on other nodes, and
// let survivors clear away what a dead node left behind.
//
// Owns: the contract (Registry) and its in-process back end (Memory);
// presence/redis is below it. presence/presencetest proves any back end.
//
// Does not: push anything to clients, or count sockets: a node enters a user
// once per room, at the first socket, and leaves at the last. It does not renew
// leases or reap by itself.
//
// Concurrency: a Registry may be used from any goroutine. Its methods may
// block until their context ends. Calls for one room and user take effect in
// the order in which they are made, if each is made after the last returned.
package presence
