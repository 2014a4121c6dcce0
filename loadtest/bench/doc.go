// Command bench measures what one node does on one machine: what a socket costs
// at rest, and a session without one; what it costs to let sockets in and to have
// them return, to deliver, to relay, to number and to store; and how all of that
// stands to its targets, to the floor, and to another version.
//
// Purpose: figures that can be repeated and compared, and a profile of what they
// are made of.
//
// Owns: the rows of the table and how each is measured, the server process and
// the users and rooms of each row, and which of them run in what order.
//
// Does not: hide who was the bottleneck: a figure says so if the client was, or
// if the machine had other work.
//
// Concurrency: one goroutine drives all sockets, so that client and server can
// each be given one processor.
package main
