// Package cluster is the fault suite: several nodes as processes of their own,
// with the real servers below them, while all of these are killed, paused,
// restarted and failed over, and clients write and call.
//
//	Deal ─▶ faults ─▶ nodes, Redis Cluster, PostgreSQL
//	                    ▲
//	clients ──proxies───┘      each notes what it does and sees: Line
//	   └─▶ Trial (lines, stored history, what the nodes answer) ─▶ Judge
//
// Purpose: show that no single node matters: what was acknowledged is stored once
// and shown to all once, in one order; all agree on who is in a call and who is
// online; nobody stays as a ghost.
//
// Owns: the facts that clients note and the rules that these must meet, which are
// a pure function with tests of its own; the schedule of faults, which follows from
// a seed; in the tests, the processes and the clients.
//
// Does not: know the server's insides, or judge how long things take, but for
// ghosts, whose time the contract bounds.
//
// Concurrency: a Recorder may be used from any goroutine. All else is values and
// functions of them.
package cluster
