// Command bench measures what one node does on one machine: what an idle socket
// costs, how fast sockets are let in, and how many chat messages, typing frames
// and call signals pass through it.
//
// Purpose: figures that can be repeated and compared, and a profile of what they
// are made of.
//
// Owns: the server process that it starts and ends, the users and rooms that it
// makes, the scenarios in their order, and the report.
//
// Does not: hide who was the bottleneck: the report says how busy the server, the
// client and the rest of the machine were.
//
// Concurrency: one goroutine drives all sockets, so that client and server can
// each be given one processor.
package main
