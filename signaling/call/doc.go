// Package call is the state machine of one room's call: who has the call page
// open, who has joined, who is away, who is polite to whom, and who must be told
// of it.
//
//	Connect ──▶ connecting ──Join──▶ active ──Leave──▶ absent ──Join──▶ active …
//	                 └──────Leave──▶ absent       any ──Disconnect──▶ forgotten
//	                                 active ──Suspend──▶ suspended ──Resume──▶ active
//
//	actions := c.Step(call.Join{Session: 7, NextPeerID: "p9"})
//
// Among several nodes each has a Call of the room. A Roster is what they agree on:
// From makes a Call of one, to try events on; Follow brings a node's Call to a newer
// one, with the actions for its own sessions; Merge makes one of two.
//
// Purpose: decide what every event of a call means, as Step(event) → actions,
// so that each rule of the wire contract can be read and tested on its own.
//
// Owns: the call's participants and their peer ids, the roles of perfect
// negotiation, the one-peer-per-user and room_full rules, the relay's choice of
// targets, the epochs of each pair's negotiations, what waits for a suspended
// peer and what becomes of it, and the call_state that the room is shown; of
// several nodes, what rosters say and how they are merged.
//
// Does not: do I/O, read a clock (whether a suspended peer's time is up, the
// caller says), draw ids (they come in with the events), hold sockets or frames,
// or see what is relayed.
//
// Concurrency: a Call belongs to one goroutine, its room's. Nothing blocks.
// What Step returns is valid until the next Step; a protocol.CallState is never
// changed once given out and may be read from any goroutine.
package call
