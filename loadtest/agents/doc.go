// Package agents runs a load on several machines at once, or in several processes.
//
// Purpose: go further than one process can, with one live view and one report.
//
//	Fleet (coordinator) ─▶ Agent: who are you ─▶ take this share ─▶ begin in 1 s
//	                    ◀─ what was recorded since, each second ─▶ over
//
// Owns: what coordinator and agents say to each other, plain HTTP with a bearer
// token, which both read from a file; and what becomes of a run when one of them is
// gone: an agent that is not asked for some seconds ends its load, and one that does
// not answer for as long is told in the report.
//
// Does not: know what a load does (plan), or protect what is said from being read:
// agents belong in a network of their own.
//
// Concurrency: an Agent's handler serves any number of requests, and one run at a
// time. A Fleet runs once.
package agents
