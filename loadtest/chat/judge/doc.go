// Package judge decides whether a chat room's members got what they were to get:
// every message once, in order, in time, and as it was said.
//
// Purpose: check every delivery of a load test, not a sample.
//
//	Say, Type, Answered ─▶ what the members are to get
//	Message, Typed      ─▶ what they got
//	Sweep, Finish       ─▶ what never came
//
// Owns: what a right server may do and may not (docs/api.md): seq counts without
// gaps and is the same for all; nothing is missed by who stays, resumes, or comes
// back with since_seq; what is sent again with its client_msg_id is stored once;
// typing comes in the order of its sender, and not to one's own sockets.
//
// Does not: have sockets or a clock: it is fed. It remembers messages for twice
// the time after which they count as lost, so a run may be as long as it likes.
//
// Concurrency: a Room and its Members belong to one goroutine at a time.
package judge
