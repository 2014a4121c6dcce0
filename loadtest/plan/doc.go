// Package plan is loads as data.
//
// Purpose: let a load be sent to other machines, each of which runs a share of it.
//
// Owns: which kinds of load there are, and how each is shared.
//
// Does not: send anything (agents), or know what a load does.
//
// Concurrency: a Plan is plain data.
package plan
