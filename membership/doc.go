// Package membership keeps rooms and who belongs to them.
//
// Purpose: create, show, change and delete rooms; let users in and out.
//
// Owns: the rules for rooms and their participants, hand-over of ownership
// included, the memory of participants just seen, and telling the live side when
// somebody belongs or no longer does.
//
// Does not: decide who may do what (auth's policy does), keep messages, or
// touch sockets.
//
// Concurrency: a Service may be used from any goroutine. Its methods block for
// a few reads and at most one write of the store; Remembers and Forget… never
// block.
package membership
